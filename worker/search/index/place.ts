/** How far a log has been followed. */
export interface Place {
  /** Up to which byte it is indexed. */
  readonly offset: number;
  /** When its session or panel was created, which tells it from another one of the same id. */
  readonly createdAt: number;
  /** Of which file: a log that is rewritten goes on in another one. */
  readonly epoch: number;
  /** Ordinals that are indexed; a message with a higher one cannot be in the index. */
  readonly count: number;
  /** Of a panel: the personas whose messages are indexed, see `voicesOf`. */
  readonly voices: string;
  /** The end of what was indexed last, which tells this log from another one of the same name. */
  readonly signature: string;
}

export const BEGINNING: Place = {
  offset: 0,
  createdAt: 0,
  epoch: 0,
  count: 0,
  voices: '',
  signature: '',
};
