import type { Sample } from './sample.ts';

export const sourdough: Sample = {
  sampleId: 'sourdough',
  title: 'Sourdough, second attempt',
  daysAgo: 1,
  hour: 18,
  messages: [
    {
      role: 'user',
      content:
        'The loaf from Sunday tasted good but came out flat as a plate. Starter doubles in about five hours, kitchen is at 20 °C. Where do I begin?',
    },
    {
      role: 'assistant',
      name: 'Baking notes',
      content:
        'A flat loaf with good flavour is usually one of three things: overproofed dough, too little tension when shaping, or more water than the flour can hold. What were your flour, hydration and bulk time?',
    },
    {
      role: 'user',
      content:
        '450 g bread flour, 50 g rye, 390 g water, 100 g starter, 10 g salt. Bulk was nine hours on the counter because I went out.',
    },
    {
      role: 'assistant',
      name: 'Baking notes',
      content:
        'That is 80 % hydration once the starter is counted, and nine hours at 20 °C with 20 % starter is long. I would change two things and keep the rest:\n\n1. Water down to 350 g, so hydration is near 73 %.\n2. End bulk when the dough has grown by half, not doubled. A straight-sided jar with a little dough in it shows this better than the bowl.',
    },
    { role: 'user', content: 'And the folds? I did one set right at the start, then nothing.' },
    {
      role: 'assistant',
      name: 'Baking notes',
      content:
        'Four sets of coil folds, half an hour apart, then leave it alone. The dough should hold its edge for a few seconds when you lift it. If it slumps at once, give it another set.',
    },
    {
      role: 'user',
      content:
        'Did that today. Bulk took six and a half hours, then overnight in the fridge at 4 °C. It already feels completely different.',
    },
    {
      role: 'assistant',
      name: 'Baking notes',
      content:
        'Good. Bake it straight from the fridge: Dutch oven at 250 °C, 20 minutes with the lid on, then 22 minutes at 220 °C without it. Score it deeper than feels polite, about a centimetre, blade almost flat.',
    },
    {
      role: 'user',
      content:
        'It has an ear! Open crumb, not gummy. Writing it down for next time: 350 g water, four folds, 6.5 h bulk, cold overnight.',
    },
    {
      role: 'assistant',
      name: 'Baking notes',
      content:
        'Congratulations. When the kitchen gets warmer in summer, shorten bulk by roughly an hour for every two degrees, and trust the jar more than the clock.',
    },
  ],
  documents: [
    {
      name: 'Loaf log.md',
      content: [
        '# Loaf log',
        '',
        '## Loaf 7, flat',
        '',
        'Nine hours on the counter at 20 °C, dough slack, spread like batter when turned out.',
        'Crust thin and pale, crumb tight at the bottom. Good taste, though.',
        '',
        '## Loaf 8, with an ear',
        '',
        '- 450 g bread flour, 50 g rye, 350 g water, 100 g starter, 10 g salt',
        '- four folds in two hours, six and a half hours until grown by half',
        '- night in the fridge, baked cold, scored a centimetre deep',
        '',
        'Crust dark and blistered. Keeps moist for three days in a linen bag.',
        '',
        '## To try',
        '',
        'Replace 50 g of the bread flour with buckwheat. Toast it first.',
        '',
      ].join('\n'),
    },
  ],
};
