/** The name of the page with its mark. */
export function Logo() {
  return (
    <span class="logo">
      <svg class="logo-mark" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
        <rect width="32" height="32" rx="8" />
        <path d="M9 11h14M9 16h14M9 21h8" />
      </svg>
      flatfile-chat
    </span>
  );
}
