// Imports are evaluated in their order.
import './refuse-directory.ts';
import 'flatfile-chat/worker';
