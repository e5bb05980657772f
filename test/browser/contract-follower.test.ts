import { FFStorageManager } from 'flatfile-chat';
import { describe } from 'vitest';
import { backupTransfersContract } from '../contract/backup-transfers.ts';
import { errorsContract } from '../contract/errors.ts';
import { followingContract } from '../contract/following.ts';
import { growingContract } from '../contract/growing.ts';
import { addingMessagesContract } from '../contract/messages-add.ts';
import { changingMessagesContract } from '../contract/messages-change.ts';
import { orderContract } from '../contract/order.ts';
import { streamsContract } from '../contract/streams.ts';
import { usersContract } from '../contract/users.ts';
import { createSubject, type Subject } from '../contract/subject.ts';
import { removeOpfsStore } from './support/remove-store.ts';

/** A manager whose store another one has open already, so that everything it does is forwarded. */
function createFollower(): Subject {
  return createSubject({
    backend: 'opfs',
    persistent: true,
    removeStore: removeOpfsStore,
    create: (config, options) => {
      const owner = new FFStorageManager(config, options);
      const follower = new FFStorageManager(config, options);
      const initialize = follower.initialize.bind(follower);
      const close = follower.close.bind(follower);
      return Object.assign(follower, {
        initialize: async () => {
          await owner.initialize();
          return initialize();
        },
        close: async () => {
          await close();
          await owner.close();
        },
      });
    },
  });
}

describe('through another tab', () => {
  describe.each([
    ['users', usersContract],
    ['adding messages', addingMessagesContract],
    ['changing messages', changingMessagesContract],
    ['order', orderContract],
    ['streams', streamsContract],
    ['growing messages', growingContract],
    ['following messages', followingContract],
    ['backup transfers', backupTransfersContract],
    ['errors', errorsContract],
  ] as const)('%s', (_, part) => {
    part(createFollower());
  });
});
