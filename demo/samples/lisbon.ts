import type { Sample } from './sample.ts';

export const lisbon: Sample = {
  sampleId: 'lisbon',
  title: 'Lisbon in three days',
  daysAgo: 16,
  hour: 13,
  messages: [
    {
      role: 'system',
      content: 'You are a travel planner. Prefer walking and public transport, keep days light.',
    },
    {
      role: 'user',
      content:
        'Three days in Lisbon in March with my mother, who does not like hills. We land on Friday at noon. Hotel is near Rossio.',
    },
    {
      role: 'tool',
      name: 'weather',
      content: 'Lisbon, March averages: high 18 °C, low 11 °C, 8 rainy days, sunrise 06:45.',
    },
    {
      role: 'assistant',
      content:
        'With few hills in mind:\n\nFriday: Baixa and the river front, flat all the way. Coffee at the arcades of Praça do Comércio.\nSaturday: Belém by tram 15. Monastery first, at half past nine, before the queue.\nSunday: the Gulbenkian museum and its garden, then the aquarium if there is energy left.',
    },
    {
      role: 'user',
      content: 'She would love a tiled house more than an aquarium. Is the tile museum far?',
    },
    {
      role: 'assistant',
      content:
        'The Museu Nacional do Azulejo is ten minutes by bus 759 from Restauradores. Let it replace the aquarium: the cloister and the long panel of the city before the earthquake are worth the detour. Check first whether it is open, it has been under renovation.',
    },
    {
      role: 'user',
      content: 'And one good dinner, quiet, fish, not a tourist trap. Budget about 40 euros each.',
    },
    {
      role: 'assistant',
      content:
        'Look in Campo de Ourique rather than Baixa: small grill houses, grilled sea bass, a carafe of white. Take tram 28 from the terminus in the evening, when it is empty, and you get the ride without the crowd.',
    },
    {
      role: 'user',
      content:
        'Booked a table for Saturday at 20:00. The confirmation number is LX-4471, under my mother’s name.',
    },
  ],
};
