import type {
  FFMessageGrowth,
  FFMessageWriter,
  FollowMessageOptions,
  StreamMessagesOptions,
  StreamMethods,
} from '../api/streams.ts';
import { followMessage } from '../live/message-follower.ts';
import { streamMessages } from '../live/message-stream.ts';
import type { FFMessageDTO, FFMessageInput } from '../shared/model/message.ts';
import { ConversationStore } from './conversations.ts';

/** Messages as they come and as they grow. */
export abstract class StreamStore extends ConversationStore implements StreamMethods {
  streamMessages(
    userId: string,
    sessionId: string,
    options: StreamMessagesOptions = {},
  ): AsyncIterable<FFMessageDTO[]> {
    const path = this.sessionPath(userId, sessionId);
    const checked = this.validate.streamOptions(options);
    return streamMessages(this.link('streamMessages'), ...path, checked);
  }

  async startMessage(
    userId: string,
    sessionId: string,
    message: FFMessageInput,
  ): Promise<FFMessageWriter> {
    const path = this.sessionPath(userId, sessionId);
    const checked = this.validate.growingMessage(message);
    const begun = await this.call('beginMessage', ...path, checked);
    return this.writers.create({
      call: this.call.bind(this),
      userId,
      sessionId,
      message: begun,
      maxBytes: this.getConfiguration().storage.maxMessageBytes,
      checkFinish: (options) => this.validate.messageFinish(options),
    });
  }

  followMessage(
    userId: string,
    sessionId: string,
    messageId: string,
    options: FollowMessageOptions = {},
  ): AsyncIterable<FFMessageGrowth> {
    const path = this.messagePath(userId, sessionId, messageId);
    const { signal } = this.validate.followOptions(options);
    return followMessage(this.link('followMessage'), ...path, signal);
  }
}
