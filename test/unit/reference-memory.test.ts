import { describe, expect, it } from 'vitest';
import { describeReference, exampleNames } from '../support/reference-examples.ts';

describeReference('memory');

/** The methods of the API reference, of which `streamMessages` is not there yet, and `search`. */
const METHODS = [
  ...['initialize', 'createUser', 'userExists', 'getUserProfile', 'updateUserProfile'],
  ...['deleteUser', 'createSession', 'getSession', 'listSessions', 'updateSession'],
  ...['deleteSession', 'addMessage', 'getAllMessages', 'getMessages', 'deleteMessage'],
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
