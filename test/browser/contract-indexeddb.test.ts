import { describe } from 'vitest';
import { contract } from '../contract/contract.ts';
import { indexeddb } from './support/subjects.ts';

describe('the contract on indexeddb, in a worker', () => {
  contract(indexeddb);
});
