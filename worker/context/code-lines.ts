/** Shapes of a line that nobody says to another person. */
const CODE_SHAPES: readonly RegExp[] = [
  /^(?:const|let|var|final|static|public|private|protected)\s+[^.?!]*[=({;]/,
  /^(?:async\s+)?(?:def|function|class|fn|func|interface|struct)\s+[\w$]+\s*[<({:]/,
  /^(?:export|import)\s+(?:[*{"']|default\b|type\b|[\w.]+\s*(?:;|$|\bas\b|\bfrom\s+["']))/,
  /^from\s+[\w.]+\s+import\s/,
  /^(?:#include\s*[<"]|#!\/|<\?(?:php|xml)|<!DOCTYPE|@\w+\()/i,
  /^(?:if|for|while|else if|elif|switch|catch)\b.*[{:]$/,
  /^(?:return|break|continue|throw|await|yield|delete)\b[^.?!]*;$/,
  /^(?:\/\/|\/\*|\*\/|<!--)/,
  /^["'][\w$-]+["']\s*:\s/,
  /^[\w$.[\]]+(?:\s*[-+*/|&]?=\s|\s*:=\s)\S/,
  /^[\w$.]+\([^()]*\)\s*[;{]?$/,
  /^[$>]\s*(?:apt|brew|cargo|cd|curl|docker|git|ls|mkdir|node|npm|npx|pip|python|sudo|yarn)\b/,
  /^[[\](){}<>,;]+$/,
];

/** Whether a line of a message is code that was pasted without a fence. */
export function looksLikeCode(line: string): boolean {
  if (line.length > 2_000) return false;
  if (/[;{}]$/.test(line) && /[=(){}<>]/.test(line)) return true;
  return CODE_SHAPES.some((shape) => shape.test(line));
}
