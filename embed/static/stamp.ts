/**
 * The stamp of models/static-en.bin, written with it, so that whoever only has to know whether
 * vectors are of that model need not load it.
 */
export const STATIC_STAMP = 'static-en:0e9541fe2f727f75';
