/**
 * Things people do: infinitive, past tense, participle and what follows. A slot in braces stands for
 * a word of that topic.
 */
export const DEEDS = table(`
go|went|going|to a {event}
go|went|going|to the {place}
go|went|going|to a {act} class
go|went|going|on a trip to {location}
go|went|going|hiking near the {nature}
go|went|going|camping by the {nature}
go|went|going|shopping for a {artifact}
go|went|going|to see a {person}
visit|visited|visiting|{location}
visit|visited|visiting|a {place}
visit|visited|visiting|my {person}
travel|traveled|traveling|to {location}
fly|flew|flying|to {location}
move|moved|moving|to {location}
move|moved|moving|to a new {place}
live|lived|living|in {location}
buy|bought|buying|a {artifact}
buy|bought|buying|some {food}
buy|bought|buying|a {artifact} and a {artifact}
get|got|getting|a new {artifact}
get|got|getting|a {animal}
get|got|getting|a job as a {person}
get|got|getting|a {artifact} as a gift
get|got|getting|hurt in a {event}
lose|lost|losing|my {artifact}
find|found|finding|a {artifact} in the {place}
break|broke|breaking|my {artifact}
fix|fixed|fixing|the {artifact}
build|built|building|a {artifact}
make|made|making|a {artifact}
make|made|making|{food} for dinner
cook|cooked|cooking|{food}
bake|baked|baking|{food} with {food}
eat|ate|eating|{food} at a {place}
try|tried|trying|{food} for the first time
try|tried|trying|{act}
drink|drank|drinking|{food}
grow|grew|growing|{plant} in the garden
plant|planted|planting|a {plant}
adopt|adopted|adopting|a {animal}
name|named|naming|my {animal} {name}
see|saw|seeing|a {animal} at the {nature}
feed|fed|feeding|the {animal}
walk|walked|walking|the dog near the {nature}
paint|painted|painting|a {nature}
paint|painted|painting|a picture of a {animal}
draw|drew|drawing|a {animal}
write|wrote|writing|a {communication} about {thing}
read|read|reading|a book about {thing}
read|read|reading|a {communication} by {name} {surname}
watch|watched|watching|a movie about {thing}
watch|watched|watching|a {event}
listen|listened|listening|to a podcast about {thing}
play|played|playing|{game}
play|played|playing|the {instrument}
practice|practiced|practicing|{act}
practice|practiced|practicing|the {instrument}
learn|learned|learning|about {thing}
learn|learned|learning|how to make {food}
study|studied|studying|{thing}
teach|taught|teaching|{thing}
take|took|taking|a {act} class
take|took|taking|a picture of a {nature}
take|took|taking|a break from {act}
start|started|starting|a {group}
start|started|starting|working as a {person}
start|started|starting|{act}
join|joined|joining|a {group}
quit|quit|quitting|my job as a {person}
work|worked|working|on a {communication} about {thing}
work|worked|working|at a {place}
apply|applied|applying|for a job at a {place}
volunteer|volunteered|volunteering|at a {place}
organize|organized|organizing|a {event}
attend|attended|attending|a {event} on {thing}
celebrate|celebrated|celebrating|my birthday at a {place}
win|won|winning|a {event}
run|ran|running|a race for {thing}
train|trained|training|for a {event}
plan|planned|planning|a {event}
plan|planned|planning|a trip to {location}
meet|met|meeting|a {person}
meet|met|meeting|{name} at the {place}
call|called|calling|the {person}
help|helped|helping|a {person}
talk|talked|talking|to my {person} about {thing}
argue|argued|arguing|with my {person}
marry|married|marrying|{name}
suffer|suffered|suffering|from {illness}
recover|recovered|recovering|from {illness}
worry|worried|worrying|about {thing}
feel|felt|feeling|{feeling} about {thing}
deal|dealt|dealing|with {feeling}
dream|dreamed|dreaming|of {thing}
think|thought|thinking|about {thing}
give|gave|giving|{name} a {artifact}
give|gave|giving|a talk about {thing}
donate|donated|donating|a {artifact} to a {group}
sell|sold|selling|my {artifact}
clean|cleaned|cleaning|the {place}
wear|wore|wearing|a {artifact}
collect|collected|collecting|{artifact}
repair|repaired|repairing|an old {artifact}
use|used|using|a {artifact} for {act}
decide|decided|deciding|to become a {person}
forget|forgot|forgetting|the {artifact} at the {place}
wait|waited|waiting|for the {communication}
send|sent|sending|a {communication}
install|installed|installing|the {software}
deploy|deployed|deploying|the {software} on the {software}
debug|debugged|debugging|a crash in the {software}
upgrade|upgraded|upgrading|the {software}
migrate|migrated|migrating|the {software} to a new {software}
review|reviewed|reviewing|the code of the {software}
test|tested|testing|the {software} against the {software}
configure|configured|configuring|the {software}
rewrite|rewrote|rewriting|the {software} in {language}
`);

/** Statements, and a question that each of them answers. */
export const FACTS = table(`
My favorite {artifact} is the {color} one from {location}.|What is {name}'s favorite {artifact}?
My favorite food is {food}.|What food does {name} like best?
I really love {food}.|What does {name} like to eat?
I'm allergic to {food}.|What is {name} allergic to?
My {person} is a {person}.|What does the {person} of {name} do for a living?
I work as a {person} in {location}.|What is {name}'s job?
I'm originally from {location}.|Where is {name} from?
I have two kids and a {animal}.|What pets does {name} have?
My {animal} is called {pet}.|What is the name of {name}'s {animal}?
I've been into {act} for years.|How long has {name} been interested in {act}?
{act} helps me with {feeling}.|How does {name} deal with {feeling}?
I want to become a {person} one day.|What career does {name} want?
I'm scared of {animal}.|What is {name} afraid of?
The {event} is {time}.|When is the {event}?
The meeting about {thing} moved to {time}.|When do we meet about {thing}?
The {artifact} cost {number} dollars.|How much did {name} pay for the {artifact}?
The password of the {artifact} is {pet}{number}.|What was the password for the {artifact}?
My {person} taught me {act}.|Who taught {name} {act}?
This {artifact} is from my {person}, it stands for {feeling}.|What does the {artifact} symbolize to {name}?
That {communication} about {thing} changed my life.|Which {communication} was important to {name}?
We need {number} {artifact} for the {event}.|How many {artifact} do they need?
The {artifact} stopped working because of the {artifact}.|Why did the {artifact} fail?
You can find the {artifact} behind the {place}.|Where is the {artifact}?
I recommend {food} with {food}.|What did {name} recommend to eat?
I feel {feeling} since the {event}.|How has {name} felt after the {event}?
I identify as a {person}.|What is {name}'s identity?
My doctor said it's {illness}.|What illness does {name} have?
The {software} fails with error {number}.|Which error does the {software} show?
We chose {language} for the {software}.|Which programming language is used for the {software}?
The {software} listens on port {number}.|What is the port of the {software}?
The release of the {software} is {time}.|When do we ship the {software}?
The bug was in the {software}, not in the {software}.|What caused the bug?
Please summarize the {communication} about {thing}.|summary of the {communication}
Explain {thing} to me in simple words.|the explanation of {thing}
Write a {communication} about {thing} for my {person}.|{communication} for the {person}
How do I get rid of {illness}?|treatment of {illness}
What is the best way to learn {act}?|learning {act}
Give me a recipe for {food} without {food}.|how to make {food}
`);

/** Questions about a deed. */
export const DEED_QUESTIONS = lines(`
When did {name} {do}?
Where did {name} {do}?
Why did {name} {do}?
How did {name} {do}?
Did {name} {do}?
Who did {name} {do} with?
What did {name} {verb}?
When is {name} planning to {do}?
What made {name} {do}?
How long has {name} been {doing}?
What does {name} think about {doing}?
How did {name} feel while {doing}?
What did {name} say about {doing}?
What happened when {name} {did}?
{object}
{doing}
What kind of thing did {name} {verb} {time}?
Which {general} did {name} mention?
how many times has {name} {did}
the message where {name} {did}
`);

/** Questions about a sentence that begins with a pronoun. */
export const EXAMPLE_QUESTIONS = lines(`
When did {name} {do}?
Why did {name} {do}?
Did {name} {do}?
How did {name} {do}?
Where did {name} {do}?
Who told me to {do}?
What happened after {name} {did}?
{do}
`);

/** Questions about words of any other sentence. */
export const MENTION_QUESTIONS = lines(`
What did {name} say about {object}?
{object}
who talked about {object}?
When did {name} mention {object}?
What is {name}'s opinion on {object}?
Where did we discuss {object}?
What does {name} know about {object}?
Would {name} be interested in {object}?
{name} {object}
How does {name} describe {object}?
`);

/** @param {string} text */
function lines(text) {
  return text.trim().split('\n');
}

/** @param {string} text */
function table(text) {
  return lines(text).map((line) => line.split('|'));
}
