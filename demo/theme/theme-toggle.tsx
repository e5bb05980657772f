import { useApp } from '../app/app-context.ts';
import { useObservable } from '../state/use-observable.ts';
import { Icon, type IconName } from '../ui/icon.tsx';
import { THEMES, type Theme } from './theme.ts';

const LOOKS: Readonly<Record<Theme, { readonly icon: IconName; readonly label: string }>> = {
  auto: { icon: 'system', label: 'Theme of the system' },
  light: { icon: 'sun', label: 'Light theme' },
  dark: { icon: 'moon', label: 'Dark theme' },
};

export function ThemeToggle() {
  const { theme, choose } = useApp();
  const current = useObservable(theme);
  return (
    <fieldset class="theme-toggle">
      <legend class="visually-hidden">Theme</legend>
      {THEMES.map((option) => (
        <label key={option} title={LOOKS[option].label}>
          <input
            class="visually-hidden"
            type="radio"
            name="theme"
            value={option}
            aria-label={LOOKS[option].label}
            checked={option === current}
            onChange={() => choose(option)}
          />
          <Icon name={LOOKS[option].icon} />
        </label>
      ))}
    </fieldset>
  );
}
