import { describe } from 'vitest';
import { contract } from '../contract/contract.ts';
import { createSubject } from '../contract/subject.ts';

describe('the contract in memory, in one thread', () => {
  contract(createSubject({ backend: 'memory', persistent: false }));
});
