import type { Finding } from "./findings";
import type { Tongue } from "./tone";

// The commonest slips that no word of the language looks like. All others are the browser's to find.
const lists: Record<Tongue, string> = {
  en: "teh>the|recieve>receive|recieved>received|seperate>separate|definately>definitely|occured>occurred|untill>until|wich>which|adress>address|alot>a lot|truely>truly|accomodate>accommodate|acheive>achieve|beleive>believe|calender>calendar|comming>coming|enviroment>environment|goverment>government|immediatly>immediately|neccessary>necessary|noticable>noticeable|occassion>occasion|publically>publicly|reccomend>recommend|recomend>recommend|refered>referred|succesful>successful|successfull>successful|suprise>surprise|tommorow>tomorrow|tommorrow>tomorrow|togehter>together|unfortunatly>unfortunately|usefull>useful|wether>whether|writting>writing|happend>happened|apologise's>apologises|sincerly>sincerely|shiped>shipped|delievery>delivery|delivary>delivery|cancelation>cancellation|reciept>receipt|refound>refund|thier>their|freind>friend|weekand>weekend|appologies>apologies|appologize>apologize|inconvience>inconvenience|inconvinience>inconvenience|greatful>grateful|aswell>as well|infact>in fact|dont>don't|doesnt>doesn't|didnt>didn't|isnt>isn't|wasnt>wasn't|couldnt>couldn't|wouldnt>wouldn't|shouldnt>shouldn't|youre>you're|thankyou>thank you",
  ko: "됬습니다>됐습니다|됬어요>됐어요|안되요>안 돼요|되요>돼요|않됩니다>안 됩니다|않되>안 돼|몇일>며칠|금새>금세|왠만하면>웬만하면|웬지>왠지|어떻해>어떡해|오랫만에>오랜만에|역활>역할|희안하>희한하|설레임>설렘|할께요>할게요|드릴께요>드릴게요|갈께요>갈게요|보낼께요>보낼게요|문안하>무난하|일일히>일일이|곰곰히>곰곰이|깨끗히>깨끗이|뵈요>봬요|바램입니다>바람입니다|감사드림니다>감사드립니다|감사함니다>감사합니다|안녕하십니가>안녕하십니까|죄송함니다>죄송합니다|있슴니다>있습니다|했슴니다>했습니다|없슴니다>없습니다",
  pl: "dziekuje>dziękuję|dziękuje>dziękuję|prosze>proszę|wogóle>w ogóle|wogule>w ogóle|napewno>na pewno|narazie>na razie|poprostu>po prostu|wkońcu>w końcu|odrazu>od razu|conajmniej>co najmniej|naprzykład>na przykład|z pewnościom>z pewnością|wziąść>wziąć|przyszłem>przyszedłem|poszłem>poszedłem|włanczać>włączać|wyłanczać>wyłączać|spowrotem>z powrotem|z tąd>stąd|po za tym>poza tym|nie długo>niedługo|pozatym>poza tym|jusz>już|rzeby>żeby|chodź by>choćby|przesylka>przesyłka|wysylka>wysyłka|zwrót>zwrot|paczke>paczkę|pozdrawiem>pozdrawiam|przepraszan>przepraszam|niewiem>nie wiem|niema sprawy>nie ma sprawy|dzien>dobry dzień dobry|jestesmy>jesteśmy|bedzie>będzie|zeby>żeby|rowniez>również|wiadomosc>wiadomość|mozemy>możemy|mogloby>mogłoby|poniewaz>ponieważ",
};

const slips = (language: Tongue) => lists[language].split("|").map((pair) => pair.split(">") as [string, string]);

/** Words of a short list of common misspellings, with what was probably meant. */
export function misspelt(text: string, language: Tongue): Finding[] {
  const folded = text.toLocaleLowerCase().replaceAll("’", "'");
  return slips(language).flatMap(([wrong, right]): Finding[] => {
    const found = new RegExp(`(?<![\\p{L}\\p{N}'])${wrong}${language === "ko" ? "" : "(?![\\p{L}\\p{N}'])"}`, "u").exec(folded);
    return found ? [{ why: "misspelt", words: text.slice(found.index, found.index + wrong.length), better: right }] : [];
  });
}

/** Said twice on purpose. */
const meant = /^(?:had|that|so|very|no|bye|ha|haha|no|tak|nie|bardzo|네|정말|너무|꼭|아주|매우|많이|천천히|하나|조금|잘)$/iu;

/** The same word twice in a row, also over the end of a line. */
export function doubled(text: string): Finding[] {
  return [...text.matchAll(/(?<![\p{L}\p{N}-])([\p{L}]{2,})\s+\1(?![\p{L}\p{N}-])/giu)].filter(([, word]) => !meant.test(word!)).map(([words]) => ({ why: "doubled", words: words.replaceAll(/\s+/g, " ") }));
}
