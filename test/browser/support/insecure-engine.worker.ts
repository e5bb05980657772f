// Imports are evaluated in their order.
import './make-insecure.ts';
import './engine.worker.ts';
