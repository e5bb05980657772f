import { FFStorageError, FFStorageManager, loadConfig, MessageRole } from 'flatfile-chat';

/**
 * The "Complete Workflow Example" of the API reference.
 *
 * @param print shows a line
 */
export async function completeWorkflow(print: (line: string) => void): Promise<void> {
  // Initialize
  const config = loadConfig();
  const storage = new FFStorageManager(config);
  await storage.initialize();

  try {
    // Create user
    const success = await storage.createUser('demo_user', {
      name: 'Demo User',
      email: 'demo@example.com',
    });
    if (!success) print('User already exists');

    // Create session
    const sessionId = await storage.createSession('demo_user', 'API Demo Session');

    // Add messages
    const messages = [
      { role: MessageRole.USER, content: 'Hello API!' },
      { role: MessageRole.ASSISTANT, content: 'Hello! How can I help?' },
      { role: MessageRole.USER, content: 'Show me how the API works' },
    ];
    for (const message of messages) await storage.addMessage('demo_user', sessionId, message);

    // Search messages
    const results = await storage.searchMessages('demo_user', 'API');
    print(`Found ${results.length} messages about API`);

    // Get statistics
    const stats = await storage.getUserStats('demo_user');
    print(`User has ${stats.totalSessions} sessions with ${stats.totalMessages} messages`);
  } catch (error) {
    if (!(error instanceof FFStorageError)) throw error;
    print(`Storage error: ${error.message}`);
  } finally {
    await storage.close();
  }
}
