import { Icon } from '../ui/icon.tsx';
import { useApp } from './app-context.ts';

export const MENU_BUTTON_ID = 'menu-button';

/** Opens the sidebar where it is a drawer; there is none to be seen elsewhere. */
export function MenuButton() {
  const { drawerOpen } = useApp();
  return (
    <button
      id={MENU_BUTTON_ID}
      type="button"
      class="icon-button menu-button"
      aria-label="Show conversations"
      aria-controls="sidebar"
      onClick={() => drawerOpen.set(true)}
    >
      <Icon name="menu" />
    </button>
  );
}
