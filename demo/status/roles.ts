import type { FFTabRole } from 'flatfile-chat';

/** What a tab is to the store that all tabs share, in words. */
export const ROLES: Readonly<Record<FFTabRole, { readonly name: string; readonly about: string }>> =
  {
    owner: {
      name: 'This tab keeps the files',
      about: 'It reads and writes them for every tab that is open here',
    },
    follower: {
      name: 'Another tab keeps the files',
      about: 'This one asks it, and takes its place when it is closed',
    },
    reader: {
      name: 'Read only: the tab that keeps the files does not answer',
      about: 'Look at that tab, or close it, and this one can write again',
    },
  };
