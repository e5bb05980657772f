/** How a sentence begins that only opens, closes or pads an answer. */
const PADDING: readonly RegExp[] = [
  /^as an? (?:ai|artificial intelligence|large language|language model|assistant)\b/,
  /^(?:i am|i'm) (?:an ai|just an ai|only an ai|a large language|a language|sorry|glad|happy|always happy|here to)\b/,
  /^(?:i|we) hope (?:this|that|it|you|these)\b/,
  /^(?:please )?(?:feel free|don't hesitate|do not hesitate|let me know|tell me if)\b/,
  /^if you (?:have|need|want|would like|'d like)[^.]{0,60}\b(?:question|help|let me know|feel free|assistance|ask)/,
  /^(?:is|was) there anything\b/,
  /^(?:do|did|would|can) you (?:have any|need any|want me|want more|like me|like to know|tell me more)\b/,
  /^(?:how|what) (?:can|may|could|else can) i (?:do|help|assist)\b/,
  /^(?:(?:hi|hey|hello)\b.{0,30})?\b(?:how|what)(?:'s| is| are| about| do| have)? (?:you|u|up|it going|new|going on)\b.{0,25}\?$/,
  /^(?:i )?(?:can't|cannot) wait\b.{0,30}$/,
  /\blong time,? no (?:see|chat|talk)\b/,
  /^(?:wow|hey|hi|hello|oh|yeah|yes|no|ok|okay)\b[^\s]?\s?\S*$/,
  /^(?:great|good|excellent|interesting|nice|fantastic) (?:question|point|idea|choice|job|luck)\b/,
  /^(?:that's|that is|what|this is) an? (?:very |really )?(?:great|good|excellent|interesting|nice|tough|difficult) (?:question|point|idea|choice)\b/,
  /^(?:you're|you are) (?:very |most )?welcome\b/,
  /^(?:good (?:morning|afternoon|evening|night|to (?:see|hear)))\b/,
  /^(?:nice|great|lovely) to (?:see|hear|meet)\b/,
  /^(?:my apologies|apologies|i apologi[sz]e|sorry (?:for|about|to))\b/,
  /^(?:thank you|thanks)\b.{0,60}$/,
  /^(?:talk|see|catch) (?:to )?you (?:soon|later|then|tomorrow)\b/,
  /^(?:ich hoffe|lass mich wissen|lassen sie mich|als (?:ki|sprachmodell)|gern geschehen|vielen dank|guten (?:tag|morgen|abend))\b/,
  /^(?:谢谢|感谢|你好|您好|ありがとう|こんにちは|안녕|감사).{0,12}$/,
  /^(?:j'espere|n'hesitez|en tant qu'ia|espero que|no dudes|como modelo)\b/,
];

/** Says that something follows, and stays behind without it. */
const INTRODUCTION = /[:：,]$/;

/** Whether a sentence is talk about the talk: a greeting, thanks, an offer of help, an introduction. */
export function isFiller(sentence: string): boolean {
  if (INTRODUCTION.test(sentence)) return true;
  const opening = sentence.slice(0, 120).toLowerCase().replaceAll('’', "'");
  return PADDING.some((pattern) => pattern.test(opening));
}
