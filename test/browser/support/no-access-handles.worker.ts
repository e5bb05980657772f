// Imports are evaluated in their order.
import './remove-access-handles.ts';
import 'flatfile-chat/worker';
