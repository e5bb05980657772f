import type { ComponentChildren } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { Icon } from '../ui/icon.tsx';
import { carriesFiles, droppedFiles, type DroppedFiles } from './dropped-files.ts';

export interface DropZoneProps {
  /** What happens to files dropped now; absent where there is nothing to drop them on. */
  readonly invitation: string | undefined;
  readonly children: ComponentChildren;
  onDrop(dropped: DroppedFiles): void;
}

/** An area that takes files. Pointers only: the same can be done with a button beside it. */
export function DropZone({ invitation, children, onDrop }: DropZoneProps) {
  const [isOver, setOver] = useState(false);
  // Entering a child comes before leaving its parent: only their balance tells about the area.
  const depth = useRef(0);
  const isActive = invitation !== undefined;

  const move = (event: DragEvent, by: 1 | -1): void => {
    if (!isActive || !carriesFiles(event)) return;
    depth.current = Math.max(0, depth.current + by);
    setOver(depth.current > 0);
  };

  return (
    <div
      class="drop-zone"
      onDragEnter={(event) => move(event, 1)}
      onDragLeave={(event) => move(event, -1)}
      onDragOver={(event) => {
        if (!isActive || event.dataTransfer === null || !carriesFiles(event)) return;
        event.preventDefault();
        event.dataTransfer.dropEffect = 'copy';
      }}
      onDrop={(event) => {
        depth.current = 0;
        setOver(false);
        if (!isActive || event.dataTransfer === null || !carriesFiles(event)) return;
        event.preventDefault();
        onDrop(droppedFiles(event.dataTransfer));
      }}
    >
      {children}
      {isOver && isActive && (
        <div class="drop-invitation" aria-hidden="true">
          <Icon name="file" />
          {invitation}
        </div>
      )}
    </div>
  );
}
