import { folded } from "./fuzzy";

/** One emoji with its names in English, Korean and Polish; with `skin` it comes in tones. */
export type Emoji = { sign: string; names: string; skin: boolean };

// Sign, names; an asterisk for those that come in skin tones. Those of a help desk's day, not all there are.
const written = `
😀 grinning smile|활짝 웃음 미소|uśmiech
😃 smiley happy|웃음 기쁨|radość uśmiech
😄 laugh happy eyes|웃는 눈|śmiech
😁 beaming grin|씩 웃음|szeroki uśmiech
😅 sweat smile phew|식은땀 웃음|uff uśmiech z potem
😂 joy tears laugh|눈물 웃음|łzy śmiechu
🙂 slight smile|살짝 미소|lekki uśmiech
😉 wink|윙크|oczko mrugnięcie
😊 blush smile|수줍은 미소|rumieniec uśmiech
😍 heart eyes love|하트 눈 사랑|serca w oczach zachwyt
😘 kiss|뽀뽀|całus buziak
😎 cool sunglasses|선글라스 멋짐|okulary luz
🤔 thinking hmm|생각 고민|myślenie hmm
🤗 hug|포옹|przytulenie
🤩 star struck wow|반짝 눈 와|zachwyt gwiazdy
😐 neutral|무표정|neutralny
😮 surprised oh|놀람 오|zdziwienie
😯 hushed|조용 놀람|zaskoczenie
😢 cry sad|눈물 슬픔|płacz smutek
😭 sob crying|엉엉 울음|szloch
😔 pensive sad sorry|시무룩 미안|smutek zamyślenie
😟 worried|걱정|zmartwienie
🙁 frown|찡그림 실망|smutna mina
😞 disappointed|실망|rozczarowanie
😡 angry|화남|złość
😤 huff frustrated|씩씩 답답|frustracja
😴 sleep tired|졸림 잠|sen zmęczenie
🤒 sick ill|아픔 열|choroba gorączka
🤯 mind blown|충격|szok wybuch głowy
🥳 party celebrate|파티 축하|impreza świętowanie
🥺 pleading please|부탁 간절|proszę błaganie
🙄 eye roll|눈 굴림|przewracanie oczami
😬 grimace oops|어색 이런|grymas ups
🤞* fingers crossed luck|행운 손가락|trzymam kciuki
👍* thumbs up yes ok like|좋아요 엄지 최고|kciuk w górę tak ok
👎* thumbs down no|싫어요 반대|kciuk w dół nie
👌* ok perfect|오케이 완벽|ok idealnie
👋* wave hello bye|안녕 손 흔들기|machanie cześć
👏* clap applause bravo|박수|brawa oklaski
🙌* raised hands hooray|만세|hurra ręce w górę
🙏* please thanks pray|감사 부탁 기도|proszę dziękuję modlitwa
💪* strong muscle|힘 근육|siła mięsień
🤝 handshake deal|악수 합의|uścisk dłoni zgoda
✌️ victory peace|브이 승리|zwycięstwo pokój
👀 eyes look|눈 보기|oczy patrzę
☝️ point up|위 손가락|palec w górę
👇* point down below|아래 손가락|palec w dół poniżej
👉* point right|오른쪽 손가락|palec w prawo
👈* point left|왼쪽 손가락|palec w lewo
🤷* shrug dunno|모르겠음 으쓱|wzruszenie ramion nie wiem
🤦* facepalm|이마 탁 한숨|załamka
🙋* raising hand me|손들기 저요|podniesiona ręka ja
🙇* bow sorry|절 죄송|ukłon przepraszam
💁* information desk help|안내 도움|informacja pomoc
🧑‍💻 technologist computer|개발자 컴퓨터|informatyk komputer
❤️ heart love red|하트 사랑 빨강|serce miłość
🧡 orange heart|주황 하트|pomarańczowe serce
💛 yellow heart|노랑 하트|żółte serce
💚 green heart|초록 하트|zielone serce
💙 blue heart|파랑 하트|niebieskie serce
💜 purple heart|보라 하트|fioletowe serce
🖤 black heart|검정 하트|czarne serce
💔 broken heart|깨진 하트|złamane serce
💯 hundred perfect|백점 완벽|sto procent
✅ check done yes|체크 완료 예|gotowe tak zrobione
☑️ checkbox|체크 상자|pole zaznaczone
✔️ check mark|체크 표시|ptaszek
❌ cross no wrong|엑스 아니오 틀림|krzyżyk nie błąd
❗ exclamation important|느낌표 중요|wykrzyknik ważne
❓ question|물음표 질문|pytanie
⚠️ warning caution|경고 주의|ostrzeżenie uwaga
🚫 forbidden no|금지|zakaz
⛔ no entry stop|진입금지 멈춤|stop zakaz wjazdu
ℹ️ info|정보|informacja
🔴 red circle|빨간 원|czerwone kółko
🟡 yellow circle|노란 원|żółte kółko
🟢 green circle|초록 원|zielone kółko
🔵 blue circle|파란 원|niebieskie kółko
⭐ star|별|gwiazda
🌟 glowing star|빛나는 별|błyszcząca gwiazda
✨ sparkles new|반짝 새로움|iskry nowość
🎉 tada party congratulations|축하 폭죽|gratulacje konfetti
🎊 confetti|색종이|konfetti kula
🎁 gift present|선물|prezent
🎂 birthday cake|생일 케이크|tort urodziny
🏆 trophy win|트로피 우승|puchar wygrana
🥇 first medal gold|금메달 일등|złoty medal
🔥 fire hot|불 핫|ogień
⚡ lightning fast|번개 빠름|błyskawica szybko
💡 idea bulb|아이디어 전구|pomysł żarówka
🚀 rocket launch|로켓 출시|rakieta start
⏰ alarm clock|알람 시계|budzik
⏳ hourglass waiting|모래시계 대기|klepsydra czekam
🕐 clock time|시계 시간|zegar czas
📅 calendar date|달력 날짜|kalendarz data
📌 pin|핀 고정|pinezka
📎 paperclip attachment|클립 첨부|spinacz załącznik
📝 memo note|메모 기록|notatka
✏️ pencil|연필|ołówek
📄 page document|문서|dokument strona
📁 folder|폴더|folder teczka
📦 package parcel box|소포 상자 택배|paczka przesyłka
🚚 truck delivery|트럭 배송|ciężarówka dostawa
✈️ plane flight|비행기|samolot lot
🚗 car|자동차|samochód
🏠 house home|집|dom
🏢 office building|사무실 건물|biuro budynek
🏪 shop store|가게 상점|sklep
🛒 cart shopping|장바구니 쇼핑|koszyk zakupy
💳 card payment|카드 결제|karta płatność
💰 money|돈|pieniądze
💶 euro banknote|유로 지폐|euro banknot
🧾 receipt|영수증|paragon rachunek
🏷️ label tag price|라벨 가격표|etykieta metka
📧 email mail|이메일 메일|e-mail poczta
✉️ envelope letter|편지 봉투|koperta list
📨 incoming mail|받은 메일|przychodząca poczta
📞 telephone call|전화|telefon
📱 mobile phone|휴대폰|komórka
💻 laptop computer|노트북 컴퓨터|laptop komputer
🖥️ desktop screen|데스크톱 화면|monitor ekran
🖨️ printer|프린터|drukarka
📷 camera photo|카메라 사진|aparat zdjęcie
🔍 search look|검색 찾기|szukaj lupa
🔗 link|링크|link odnośnik
🔒 lock secure|잠금 보안|kłódka zamknięte
🔓 unlock open|잠금 해제|otwarta kłódka
🔑 key password|열쇠 비밀번호|klucz hasło
🔧 wrench fix|렌치 수리|klucz naprawa
🛠️ tools repair|도구 수리|narzędzia naprawa
⚙️ gear settings|설정 톱니|ustawienia koło zębate
🐛 bug|버그 벌레|robak błąd
🔄 refresh again|새로고침 다시|odśwież ponownie
↩️ return reply|되돌리기 답장|powrót odpowiedź
➡️ right arrow|오른쪽 화살표|strzałka w prawo
⬅️ left arrow|왼쪽 화살표|strzałka w lewo
⬆️ up arrow|위 화살표|strzałka w górę
⬇️ down arrow|아래 화살표|strzałka w dół
➕ plus add|더하기 추가|plus dodaj
➖ minus|빼기|minus
📈 chart up growth|상승 그래프|wykres wzrost
📉 chart down|하락 그래프|wykres spadek
📊 bar chart|막대 그래프|wykres słupkowy
🔔 bell notification|종 알림|dzwonek powiadomienie
🔕 mute bell|알림 끄기|wyciszony dzwonek
🔊 sound loud|소리 크게|dźwięk głośno
☀️ sun|해 맑음|słońce
🌧️ rain|비|deszcz
❄️ snow cold|눈 추위|śnieg zimno
🌈 rainbow|무지개|tęcza
🌱 seedling plant|새싹 식물|sadzonka roślina
🌸 flower blossom|꽃 벚꽃|kwiat wiśnia
🌹 rose|장미|róża
🍀 clover luck|클로버 행운|koniczyna szczęście
🐶 dog puppy|강아지 개|pies szczeniak
🐱 cat|고양이|kot
🐾 paws|발자국|łapki
🐰 rabbit|토끼|królik
🐟 fish|물고기|ryba
🦴 bone|뼈|kość
☕ coffee|커피|kawa
🍵 tea|차|herbata
🍕 pizza|피자|pizza
🍎 apple|사과|jabłko
🍰 cake|케이크|ciasto
🍺 beer|맥주|piwo
🥂 cheers glasses|건배|toast kieliszki
🌍 world earth europe|세계 지구|świat ziemia
🏖️ beach holiday|해변 휴가|plaża urlop
🎵 music note|음악|muzyka nuta
⚽ football|축구|piłka nożna
🎮 game|게임|gra
🏥 hospital|병원|szpital
💊 pill medicine|약|lek tabletka
🆗 ok button|오케이 버튼|przycisk ok
🆕 new button|새로움 버튼|nowy
🆘 sos help|도움 긴급|pomoc sos`;

export const emoji: Emoji[] = written.trim().split("\n").map((line) => {
  const cut = line.indexOf(" ");
  const sign = line.slice(0, cut);
  return { sign: sign.replace("*", ""), names: line.slice(cut + 1), skin: sign.endsWith("*") };
});

export const tones = ["", "🏻", "🏼", "🏽", "🏾", "🏿"];

/** An emoji in a skin tone; the tone stands behind the first sign of a group. */
export function toned({ sign, skin }: Emoji, tone: number): string {
  return skin ? sign + (tones[tone] ?? "") : sign;
}

/** Those one of whose names begins with what is typed, in any of the three languages; with nothing typed those used lately, then the first. */
export function emojiFor(typed: string, lately: string[], limit = 8): Emoji[] {
  const wanted = folded(typed);
  if (wanted === "") {
    const known = lately.flatMap((sign) => emoji.find((each) => each.sign === sign) ?? []);
    return [...new Set([...known, ...emoji])].slice(0, limit);
  }
  const words = (each: Emoji) => folded(each.names).split(/[\s|]+/);
  const age = (each: Emoji) => (lately.includes(each.sign) ? lately.indexOf(each.sign) : lately.length);
  const place = (each: Emoji) => words(each).findIndex((word) => word.startsWith(wanted));
  return emoji.filter((each) => place(each) >= 0).toSorted((a, b) => age(a) - age(b) || Number(place(a) > 0) - Number(place(b) > 0)).slice(0, limit);
}

/** The name to show, in the language of the person. */
export function nameOf({ names }: Emoji, language: string): string {
  const [en = "", ko = "", pl = ""] = names.split("|");
  return { ko, pl }[language] || en;
}
