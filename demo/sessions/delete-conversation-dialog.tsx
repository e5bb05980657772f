import type { FFSessionDTO } from 'flatfile-chat';
import { useApp } from '../app/app-context.ts';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';
import { plural } from '../ui/plural.ts';

export interface DeleteConversationDialogProps {
  readonly session: FFSessionDTO;
  onDone(deleted: boolean): void;
}

export function DeleteConversationDialog({ session, onDone }: DeleteConversationDialogProps) {
  const { deleteConversation, notices } = useApp();

  const confirm = async (): Promise<void> => {
    try {
      await deleteConversation(session.sessionId);
      onDone(true);
    } catch (error) {
      notices.showError(error);
      onDone(false);
    }
  };

  return (
    <ConfirmDialog
      title="Delete this conversation?"
      text={`“${session.title}” and its ${plural(session.messageCount, 'message')} will be deleted from this device. This cannot be undone.`}
      action="Delete"
      onConfirm={() => void confirm()}
      onCancel={() => onDone(false)}
    />
  );
}
