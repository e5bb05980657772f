import type { SamplePanel } from './sample.ts';

const RUTH = 'sample-ruth';
const KARIM = 'sample-karim';
const LENA = 'sample-lena';

export const sundayOpening: SamplePanel = {
  panelId: 'sample-sunday-opening',
  type: 'expert_panel',
  title: 'Should the library open on Sundays?',
  daysAgo: 3,
  hour: 16,
  personas: [
    {
      personaId: RUTH,
      name: 'Ruth',
      description: 'Has run the town library for nineteen years and knows most readers by name.',
      traits: ['warm', 'stubborn'],
      expertise: ['libraries', 'rosters'],
      hue: 25,
    },
    {
      personaId: KARIM,
      name: 'Karim',
      description: 'Treasurer of the town. Likes good ideas better with a sum beside them.',
      traits: ['dry', 'precise'],
      expertise: ['budgets', 'public law'],
      hue: 255,
    },
    {
      personaId: LENA,
      name: 'Lena',
      description: 'Studies nursing, works shifts and shares a flat with four people.',
      traits: ['direct', 'curious'],
      expertise: ['studying', 'night buses'],
      hue: 145,
    },
  ],
  messages: [
    {
      personaId: RUTH,
      content:
        'I would love to open on Sundays. That is when families have time for each other, and we stand there with the lights off.',
    },
    {
      personaId: KARIM,
      content:
        'Two people for five hours, fifty Sundays, with the surcharge: about 31,000 a year. Heating comes on top. What would we stop doing instead?',
      answers: 0,
    },
    {
      personaId: LENA,
      content:
        'Nobody in my flat can study at home. I do not need advice or a story hour on Sundays. I need a chair, a socket and quiet.',
    },
    {
      personaId: RUTH,
      content:
        'A chair and a socket I can do without two librarians. Other towns let readers in with their card, and a student watches the door.',
      answers: 2,
    },
    {
      personaId: KARIM,
      content:
        'An open library without staff would be nearer to 9,000, plus the card readers once. That I could defend. Try it from November to March and count heads.',
      answers: 3,
    },
    { personaId: LENA, content: 'I would be the student at the door. I bring my own tea.' },
  ],
};
