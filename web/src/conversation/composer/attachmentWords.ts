/**
 * How one says that a file comes with the words, in twelve languages. A word alone is too little where it also means something else
 * ("attached to her cat", "beiliegen" of a leaflet in a parcel), so phrases say who attaches what.
 */
const phrases: RegExp[] = [
  // English
  /\b(?:i(?:'|’)?(?:ve|m| have| am)|we(?:'|’)?(?:ve|re| have| are)?) (?:also |just |now )?(?:attach(?:ed|ing)|enclos(?:ed|ing))\b/,
  /\b(?:is|are|find|see|please|was|were) (?:the |it |them )?(?:attached|enclosed)\b(?! (?:to|with|by) )/,
  /(?:^|[.!?\n]\s*)(?:attached|enclosed)(?: please| you(?:'|’)?ll| you will| (?:is|are|find))\b/,
  /\b(?:the|my|this|see|our) (?:attached|enclosed) (?!to\b)|\b(?:in|see|to|as an?|with) (?:the |this |my |our )?attachments?\b(?! (?:theory|style|point))/,
  // Polish
  /w za[łl][ąa]czeni|za[łl][ąa]cz(?:am|amy|y[łl]am|y[łl]em|yli[śs]my)(?![a-ząćęłńóśźż])|(?:jest|s[ąa]|w|przesy[łl]am) za[łl][ąa]cz(?:ony|ona|one|niku|nikach)(?![a-ząćęłńóśźż])|za[łl][ąa]czon[yae] (?:plik|dokument|faktur|zdj[ęe]ci|umow)/,
  // Korean: "파일을 첨부합니다", "첨부드립니다", but not "첨부해 주세요", which asks for one
  /첨부(?:합니다|하였|했|하오니|하겠|드립|드려요|드렸|해 ?드|된 |파일(?:을|로|에|과)? ?(?:보내|확인|참조|참고|드)|한 )/,
  // German
  /\bim anhang\b|\bin der anlage\b|\b(?:ich|wir)\b[^.!?\n]{0,40}\b(?:h[äa]nge|h[äa]ngen|f[üu]ge|f[üu]gen)\b[^.!?\n]{0,60}\b(?:an|bei)\b|\bangeh[äa]ngte[nrsm]?\b|\banbei\b|\bbeigef[üu]gt(?:e[nrsm]?)?\b/,
  // French
  /\ben pi[èe]ces? jointes?\b|\bci-joint(?:e|s|es)?\b|\bvous trouverez (?:ci-)?joint|\bje (?:vous )?joins\b(?! (?:à|a) )|\bnous (?:vous )?joignons\b(?! (?:à|a) )/,
  // Spanish
  /(?:^|[.,:;!¡]\s*|\b(?:le|les|te|os|yo|tambi[ée]n|aqu[íi]) )adjunt(?:o|amos)\b|\b(?:archivo|documento|fichero|factura)s? adjunt[oa]s?\b|\ben (?:el |los )?(?:archivos? )?adjuntos?\b|\bhe adjuntado\b|\bse adjunta\b/,
  // Italian
  /\bin allegato\b|\ballego\b|\balleghiamo\b|\bho allegato\b|\b(?:file|documento|fattura) allegat[oa]\b|\bvedi allegat[oi]\b/,
  // Portuguese
  /\bem anexo\b|\banexo (?:o|a|os|as|segue)\b|\bsegue(?:m)? (?:em )?anex[oa]s?\b|\banexei\b|\banexamos\b|\b(?:arquivo|ficheiro|documento|fatura) anex[oa]d?[oa]?\b/,
  // Dutch
  /\bin (?:de )?bijlagen?\b|\bbijgevoegd(?:e)?\b|\bbijgaand(?:e)?\b|\bals bijlage\b|\b(?:ik|we|wij) voeg(?:en)?\b[^.!?\n]{0,60}\b(?:bij|toe als bijlage)(?![a-z])/,
  // Czech
  /v p[řr][íi]loze|p[řr]ikl[áa]d[áa]m(?:e)?(?![a-zěščřžýáíéůú])|p[řr]ipojuj(?:i|eme)(?! se)|p[řr]ilo[žz]en(?:[ýáéou]|[ée]m)? (?:soubor|dokument|faktur|fotk|smlouv)/,
  // Ukrainian
  /у (?:вкладенні|вкладеннях|додатку)|в (?:додатку|прикріпленому)|(?:^|[^а-яіїєґ])(?:прикріплюю|прикріпив|прикріпила|прикріпили|долучаю|долучаємо|додаю (?:файл|документ|рахунок|фото))/,
  // Japanese: "添付いたします", but not "添付してください", which asks for one
  /添付(?:いたし|致し|します|しました|し(?:て|ており)(?:おり|い)?ます|の(?:ファイル|通り|とおり|資料|書類|請求書)|ファイル(?:を|に|の)(?:ご)?(?:確認|覧|参照|送))/,
];

/** Words that take it back: there is nothing attached, or somebody else was to attach it. */
const without = /\b(?:no|not|without|don(?:'|’)t|didn(?:'|’)t|forgot to|could you|can you|would you|please) (?:an? |any |the |yet )?(?:attach(?:ed|ment|ments)?)\b|\bnothing (?:is |was )?attached\b|(?:nie|bez) za[łl][ąa]cz|\bkein(?:en?)? anhang|\bohne anhang\b|\bsans pi[èe]ce|\bsin (?:archivo )?adjunt|\bsenza allegat|\bsem anexo\b|\bzonder bijlage|\bbez p[řr][íi]loh|без (?:вкладен|додатк)|첨부(?:파일)?(?:이|가)? ?없|添付(?:ファイル)?(?:が|は)?(?:あり|なし|無)/;

/** Whether new words say that a file comes with them. Lines that quote somebody else are not new. */
export function mentionsFile(text: string): boolean {
  const own = text.split("\n").filter((line) => !/^\s*>/.test(line)).join("\n").toLocaleLowerCase();
  return own.split(/(?<=[.!?。！？\n])/).some((sentence) => !without.test(sentence) && phrases.some((phrase) => phrase.test(sentence)));
}
