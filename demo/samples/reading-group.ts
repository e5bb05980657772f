import type { Sample } from './sample.ts';

export const readingGroup: Sample = {
  sampleId: 'reading-group',
  title: 'Reading group: The Left Hand of Darkness',
  daysAgo: 4,
  hour: 20,
  messages: [
    {
      role: 'system',
      content: 'Priya, Tom and Ana joined. Chapters 1 to 5, please no spoilers beyond.',
    },
    {
      role: 'user',
      name: 'Priya',
      content:
        'Can we start with the parade? I read it three times. Nobody in the crowd cheers, and Genly keeps telling us how odd that is, but never asks anyone why.',
    },
    {
      role: 'user',
      name: 'Tom',
      content:
        'He is a terrible observer for an envoy. Every time he calls Estraven "effeminate" he tells us more about himself than about Gethen.',
    },
    {
      role: 'user',
      content:
        'I think that is the trick of the book. The very first page says that truth is a matter of the imagination, and then we get a narrator who has too little of it.',
    },
    {
      role: 'user',
      name: 'Ana',
      content:
        'What about shifgrethor? I kept wanting a definition. It is honour, but also a kind of advice you cannot give directly.',
    },
    {
      role: 'user',
      name: 'Priya',
      content:
        'I picture it as a shadow. To have shifgrethor is to cast one, to be solid enough that some light stops at you.',
    },
    {
      role: 'user',
      name: 'Tom',
      content:
        'Oh, that changes the dinner scene. Estraven withdraws support, and to Genly it is betrayal. In their terms he warned him as clearly as one can.',
    },
    {
      role: 'user',
      content:
        'So the coldness he complains about is not the weather. I also liked how the myth in chapter two sits there unexplained, the brothers and the place inside the blizzard.',
    },
    {
      role: 'user',
      name: 'Ana',
      content:
        'Hold on to the place inside the blizzard. I have read it before and will say no more.',
    },
    {
      role: 'user',
      name: 'Tom',
      content: 'Cruel. Next time chapters 6 to 10? Thursday at eight, my place, I make soup.',
    },
    {
      role: 'user',
      name: 'Priya',
      content: 'Thursday works. I will bring the map of Karhide and Orgoreyn, the borders help.',
    },
    {
      role: 'user',
      content: 'Good. I will bring bread, assuming that it rises this time.',
    },
  ],
};
