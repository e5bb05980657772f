import type { ComponentChildren } from 'preact';
import { useId, useLayoutEffect, useRef } from 'preact/hooks';

export interface ModalProps {
  readonly title: string;
  readonly children: ComponentChildren;
  onClose(): void;
}

/** A native modal dialog, open for as long as it is rendered. The browser keeps the focus in it. */
export function Modal({ title, children, onClose }: ModalProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();

  useLayoutEffect(() => {
    const element = dialog.current;
    element?.showModal();
    // Closing before the element goes away lets the browser give the focus back.
    return () => element?.close();
  }, []);

  return (
    <dialog
      ref={dialog}
      class="modal"
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => {
        // The content covers the dialog whole, so that only its backdrop can be hit directly.
        if (event.target === event.currentTarget) onClose();
      }}
    >
      <div class="modal-content">
        <h2 id={titleId}>{title}</h2>
        {children}
      </div>
    </dialog>
  );
}
