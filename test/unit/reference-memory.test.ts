import { describe, expect, it } from 'vitest';
import { describeReference, exampleNames } from '../support/reference-examples.ts';

describeReference('memory');

/** The methods of the API reference, `search`, and what grows. */
const METHODS = [
  ...['initialize', 'createUser', 'userExists', 'getUserProfile', 'updateUserProfile'],
  ...['deleteUser', 'createSession', 'getSession', 'listSessions', 'updateSession'],
  ...['deleteSession', 'addMessage', 'getAllMessages', 'getMessages', 'deleteMessage'],
  ...['streamMessages', 'startMessage', 'followMessage'],
  ...['searchMessages', 'searchSimilarMessages', 'search', 'searchDocuments'],
  ...['storeDocument', 'getDocument', 'listDocuments', 'deleteDocument'],
  ...['createPersona', 'getPersona', 'createPanel', 'addPanelMessage'],
  ...['extractSituationalContext', 'saveContext', 'getContext', 'getUserStats'],
  ...['getSessionStats', 'getStorageStats', 'getPerformanceMetrics', 'getConfiguration'],
  ...['updateConfiguration', 'cleanupOldData', 'optimizeStorage', 'backupData', 'restoreData'],
];

describe('examples/reference', () => {
  it.each(METHODS)('has an example of %s', (method) => {
    expect(exampleNames).toContain(method);
  });
});
