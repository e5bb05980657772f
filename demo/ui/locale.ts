/** The page is in English, whatever the browser's first language; which English, the reader says. */
export const LOCALE = navigator.languages.find((language) => language.startsWith('en')) ?? 'en-GB';
