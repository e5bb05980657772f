/** Languages whose function words are known; anything else is `other`. */
export type ContextLanguage = 'english' | 'german' | 'french' | 'spanish' | 'other';

const words = (list: string): ReadonlySet<string> => new Set(list.trim().split(/\s+/));

// Terms are compared without accents, so these lists have none.
const STOP_WORDS: Readonly<Record<Exclude<ContextLanguage, 'other'>, ReadonlySet<string>>> = {
  english: words(`
    a about above after again against ain't all also although always am among an and another any anybody
    anyone anything anyway are aren't around as at away back be because been before behind being below
    between both but by can can't cannot could couldn't did didn't do does doesn't doing don't done down
    during each either else enough ever every everybody everyone everything few first for from further get
    gets getting give given go goes going gone got had hadn't has hasn't have haven't having he he'd he'll
    he's her here here's hers herself him himself his how how's however i i'd i'll i'm i've if in instead
    into is isn't it it'd it'll it's its itself just keep kind know knew known last least less let let's
    made make makes making many may maybe me might mine more most much must my myself need needs never
    next no nobody none nor not nothing now of off often oh on once one ones only onto or other others our
    ours ourselves out over own per perhaps put quite rather really s said same saw say saying says see
    seen she she'd she'll she's should shouldn't since so some somebody someone something sometimes soon
    still such t take taken takes tell than that that'll that's the their theirs them themselves then
    there there's therefore these they they'd they'll they're they've thing things think this those though
    thought through thus till to together told too took toward towards try trying two under until up upon us
    use used uses using usually very via want wanted wants was wasn't way ways we we'd we'll we're we've
    well went were weren't what what's whatever when whenever where where's whether which while who who's
    whoever whole whom whose why will with within without won't would wouldn't yet you you'd you'll you're
    you've your yours yourself yourselves
  `),
  german: words(`
    aber alle allem allen aller alles als also am an andere anderen auch auf aus bei beim bin bis bist da
    dabei damit danach dann das dass dein deine dem den denn der des dich die dies diese diesem diesen
    dieser dieses dir doch dort du durch ein eine einem einen einer eines einfach er es etwas euch euer
    fur gegen gibt hab habe haben hat hatte hatten hier hin hinter ich ihm ihn ihnen ihr ihre ihrem ihren
    ihrer im immer in ins ist ja jede jedem jeden jeder jedes jetzt kann kannst kein keine keinen konnen
    konnte mach machen man mehr mein meine meinem meinen meiner mich mir mit mochte muss mussen nach nein
    nicht nichts noch nun nur ob oder ohne schon sehr sein seine seinem seinen seiner seit sich sie sind
    so soll sollte sondern sonst um und uns unser unsere unter viel vom von vor wann war waren warum was
    weil weiter welche welchen welcher wenn wer werde werden wie wieder will wir wird wo wurde wurden zu
    zum zur zwischen uber
  `),
  french: words(`
    ai ainsi alors apres au aussi autre aux avec avoir avant bien c'est ca car ce ceci cela celle celui
    ces cet cette chez comme comment dans de des donc du d'un d'une elle elles en encore entre est et etait
    etre eu fait faire fois il ils j'ai je la le les leur leurs lui ma mais me mes moi moins mon ne nos
    notre nous on ont ou par parce pas peu peut plus pour pourquoi qu'il qu'elle quand que quel quelle
    quelles quels qui quoi sa sans se sera ses si son sont sous sur ta te tes toi ton tous tout toute
    toutes tres trop tu un une vers voici voila vos votre vous y
  `),
  spanish: words(`
    al algo alguien algun alguna ante antes asi aun aunque bien cada como con contra cual cuando de del
    desde donde dos el ella ellas ellos en entre era es esa ese eso esta estaba estan estar este esto estos
    fue gracias ha hace hacer hacia han hasta hay la las le les lo los mas me mi mis mucho muy nada ni no
    nos nosotros o otra otro para pero poco por porque puede puedo pues que quien quiero se sea ser si sin
    sobre solo son soy su sus tal tambien tan tanto te tener tengo tiene tienen todo todos tu tus un una
    unas uno unos usted y ya yo
  `),
};

/** What people say to one another rather than about something; it may carry no sentence. */
const SMALL_TALK = words(`
  absolutely ah aha amazing appreciate awesome awww aww bet btw bye certainly congrats congratulation cool
  cute definitely exactly excellent excited fantastic fine fun glad good goodbye gosh great ha haha happy
  hear hello hey hi hmm hope hopefully huh interesting kinda like lol look looking looks lot lots love
  lovely luck nah nice ok okay omg perfect perfectly please pleasure pretty proud question right sorry
  sounds super sure talk thank thanks totally ugh welcome whoa woah wonderful wow yay yeah yep yes yup
  amazingly anytime definite feel help agree true woohoo hooray bravo danke bitte hallo gerne merci bonjour hola
`);

/** The language whose function words a text has most of; `other` when it has almost none. */
export function languageOf(terms: readonly string[]): ContextLanguage {
  let best: ContextLanguage = 'other';
  let most = 0;
  for (const [language, list] of Object.entries(STOP_WORDS)) {
    const hits = terms.reduce((sum, term) => sum + (list.has(term) ? 1 : 0), 0);
    if (hits > most) {
      best = language as ContextLanguage;
      most = hits;
    }
  }
  return most * 10 >= terms.length ? best : 'other';
}

/** Whether a word is an interjection, a greeting or praise. */
export function isSmallTalk(word: string): boolean {
  return SMALL_TALK.has(word);
}

/** Whether a word is grammar or small talk, and so says nothing about the subject. */
export function isStopWord(word: string, language: ContextLanguage): boolean {
  // Texts without a clear language are mostly short remarks in English, names or numbers.
  return STOP_WORDS[language === 'other' ? 'english' : language].has(word) || SMALL_TALK.has(word);
}
