/**
 * What people say around what they have to say: the part of a message that nobody looks for.
 * `{other}` is the person they talk to.
 */
export const OPENERS = lines(`
Hey {other}!
Hi {other}, good to hear from you!
Hey, how are you?
Thanks, {other}!
Thank you so much!
That's awesome!
Wow, {other}, that sounds amazing!
Great question!
Yeah, totally!
Absolutely!
Oh no, I am sorry to hear that.
Congrats, {other}!
I'm so happy for you!
So glad you asked.
Guess what!
Long time no talk!
Good to see you, {other}!
It's been a while!
No worries.
Of course!
Haha, true.
I know, right?
Sounds good to me.
That's great to hear, {other}.
Same here.
You're right about that.
Not really.
Well, you know me.
Honestly?
Actually, yes.
Sorry for the late reply.
That's a good point.
Cool!
Nice one!
Aww, thanks!
Hmm, let me think.
By the way,
So,
Okay,
Anyway,
Oh, and
Yep!
Nope.
Hope you're doing well!
I appreciate that, {other}.
I can't believe it!
What a day!
Sure, I can help with that.
Good morning everyone.
Quick update:
`);

export const CLOSERS = lines(`
How about you?
What do you think?
It was so much fun!
I'm really excited about it.
It made me so happy.
Have you ever tried something like that?
I'm so proud of it.
It was a great experience.
What have you been up to?
I can't wait!
Hope you like it!
It really helped me to relax.
It means a lot to me.
Let's catch up soon!
Take care!
It's been tough, but I'm learning a lot.
Any plans for the weekend?
Wish me luck!
You should come along next time.
It was hard at first.
I'm still thinking about it.
I'll send you a picture.
Talk to you later!
Any advice?
I learned so much.
I'm grateful for it.
It was totally worth it.
Do you remember?
Isn't that great?
That was a relief.
I felt so good afterwards.
Does that make sense?
I'll let you know.
Let me know if you need anything else.
Can you take care of it?
😀
😂
❤️
👍
🎉
`);

/** Half of what is done is done at no time in particular. */
export const TIMES = [
  ...Array.from({ length: 24 }, () => ''),
  ...lines(`
yesterday
last week
last weekend
last month
last year
last night
on Friday
on Sunday
on Tuesday
two days ago
a few weeks ago
this morning
today
tonight
tomorrow
next week
next month
this summer
last summer
in March
in July
in October
for three years
since 2016
the other day
recently
lately
over the holidays
when I was ten
after work
before lunch
every morning
twice a week
`),
];

export const COMPANY = [
  ...Array.from({ length: 20 }, () => ''),
  ...lines(`
with my kids
with my sister
with my brother
with my mom
with my dad
with my wife
with my husband
with my friends
with my family
with some colleagues
with my partner
with my grandma
with my neighbor
with my team
with my dog
with my cousin
on my own
`),
];

/** @param {string} text */
function lines(text) {
  return text.trim().split('\n');
}
