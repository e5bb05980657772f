/** Prefix of every Web Lock, channel and database that the package names. */
export const NAME_PREFIX = 'ffdb:';
