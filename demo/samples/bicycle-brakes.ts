import type { Sample } from './sample.ts';

export const bicycleBrakes: Sample = {
  sampleId: 'bicycle-brakes',
  title: 'Squealing bicycle brakes',
  daysAgo: 31,
  hour: 8,
  messages: [
    {
      role: 'user',
      content:
        'My front disc brake squeals in the wet so loudly that people turn around. Hydraulic, resin pads, about 2000 km on them.',
    },
    {
      role: 'assistant',
      name: 'Workshop',
      content:
        'Wet squeal is mostly contamination or glazed pads. Take the pads out: if the surface is shiny, sand it on flat 120 grit until it is matt. Below 1.5 mm of material, replace them instead.',
    },
    { role: 'user', content: 'They have 2.1 mm left and they shine like a mirror.' },
    {
      role: 'assistant',
      name: 'Workshop',
      content:
        'Then sand them, and clean the rotor with isopropyl alcohol and a fresh cloth. No brake cleaner on resin pads. Afterwards bed them in: twenty firm stops from 25 km/h down to walking pace, without locking the wheel.',
    },
    {
      role: 'user',
      content: 'Quiet now! There is still a rhythmic rubbing, once per turn of the wheel.',
    },
    {
      role: 'assistant',
      name: 'Workshop',
      content:
        'Once per turn means that the rotor is slightly bent. Look through the caliper against something white, mark the spot and bend it back by hand with a clean adjustable spanner, a little at a time. The caliper bolts take 6 to 8 Nm, the rotor bolts 6.2 Nm.',
    },
    {
      role: 'user',
      content:
        'Straight again, or straight enough. Bought spare pads, they are in the drawer with the tyre levers.',
    },
  ],
  documents: [
    {
      name: 'Bicycle maintenance.csv',
      content: [
        'Date,Part,Work,Kilometres,Cost in euros',
        '2025-03-09,Chain,replaced,11840,34.90',
        '2025-05-24,Rear tyre,replaced after a puncture,12615,41.50',
        '2025-08-02,Bottom bracket,greased,13390,0.00',
        '2025-11-16,Gear cable,replaced,14120,6.80',
        '2026-02-07,Headlight,bulb holder soldered,14480,0.00',
        '',
      ].join('\n'),
    },
  ],
};
