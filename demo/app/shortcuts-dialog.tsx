import { Modal } from '../ui/modal.tsx';

const SHORTCUTS: readonly (readonly [keys: readonly string[], what: string])[] = [
  [['/', 'Ctrl K'], 'Search messages and documents'],
  [['Ctrl Alt N'], 'New conversation'],
  [['↑', '↓'], 'Move through conversations and results'],
  [['F2'], 'Rename the conversation'],
  [['Del'], 'Delete the conversation'],
  [['Enter'], 'Send, save or open'],
  [['Shift Enter'], 'New line'],
  [['Esc'], 'Clear the search, cancel, close'],
  [['?'], 'Show this list'],
];

export function ShortcutsDialog({ onClose }: { readonly onClose: () => void }) {
  return (
    <Modal title="Keyboard shortcuts" onClose={onClose}>
      <dl class="shortcuts">
        {SHORTCUTS.map(([keys, what]) => (
          <div key={what}>
            <dt>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <div class="modal-actions">
        <button type="button" class="button" onClick={onClose}>
          Close
        </button>
      </div>
    </Modal>
  );
}
