import { createSubject } from '../../contract/subject.ts';
import { removeIndexedDbStore, removeOpfsStore } from './remove-store.ts';

/** The packaged worker on each of its backends. */
export const opfs = createSubject({
  backend: 'opfs',
  persistent: true,
  removeStore: removeOpfsStore,
});

export const indexeddb = createSubject({
  backend: 'indexeddb',
  persistent: true,
  removeStore: removeIndexedDbStore,
});

export const memory = createSubject({ backend: 'memory', persistent: false });
