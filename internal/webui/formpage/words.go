package formpage

import "fmt"

// texts are what the page says by itself. What the company writes, and what is
// wrong with what was typed, comes from elsewhere.
var texts = map[string]map[string]string{
	"en": {
		"language": "English", "languages": "Language", "skip": "Skip to the form", "title": "Write to us", "optional": "(optional)", "choose": "Choose…",
		"trap": "Leave this empty", "send": "Send message", "use": "We use your address to answer you, for nothing else.",
		"files": "Up to 5 files, 10 MB each.", "filesAgain": "Choose your files again: browsers do not keep them.",
		"next":  "What happens next",
		"next1": "You get a reference as soon as your message is sent.",
		"next2": "The answer comes by mail, to the address that you write here.",
		"next3": "Answer that mail whenever you like. It all stays one conversation.",
		"sent":  "Sent", "thanks": "Thank you. Your message has arrived.", "reference": "Your reference",
		"referenceUse": "Keep it in case you want to ask about this message. It is not sent to you by mail.",
		"after1":       "Your message is with our team now.",
		"after2":       "The answer comes by mail, to the address that you wrote.",
		"after3":       "Something to add? Answer that mail, or write again and name the reference.",
		"another":      "Write another message", "notSent": "Not sent yet.", "toForm": "To the form",
		"gone": "There is nothing here", "goneWhy": "The form was removed, or its address is not complete.",
		"damaged": "Your message arrived damaged. Look at it once more and press the button again.",
		"large":   "Your files are too large. Choose smaller ones and press the button again.",
		"broken":  "Something went wrong here, and your message was not kept. Wait a moment and press the button again: what you wrote stays here.",
		"busy":    "Too much is being sent from your network at this moment. Wait a little and try again.",
	},
	"ko": {
		"language": "한국어", "languages": "언어", "skip": "양식으로 건너뛰기", "title": "문의하기", "optional": "(선택)", "choose": "선택하세요",
		"trap": "이 칸은 비워 두세요", "send": "메시지 보내기", "use": "주소는 답변드리는 데만 사용합니다.",
		"files": "파일 5개까지, 하나에 10MB까지.", "filesAgain": "파일을 다시 선택해 주세요. 브라우저는 선택한 파일을 기억하지 않습니다.",
		"next":  "다음 순서",
		"next1": "메시지를 보내면 바로 접수 번호가 나옵니다.",
		"next2": "답변은 여기에 적은 이메일 주소로 보내 드립니다.",
		"next3": "언제든 그 메일에 회신하세요. 같은 대화로 이어집니다.",
		"sent":  "보냈습니다", "thanks": "감사합니다. 메시지가 도착했습니다.", "reference": "접수 번호",
		"referenceUse": "이 메시지에 대해 물어보실 때를 위해 적어 두세요. 메일로는 보내 드리지 않습니다.",
		"after1":       "메시지가 담당 팀에 전달되었습니다.",
		"after2":       "답변은 적어 주신 이메일 주소로 보내 드립니다.",
		"after3":       "더 하실 말씀이 있으면 그 메일에 회신하거나, 접수 번호를 적어 다시 보내 주세요.",
		"another":      "다른 메시지 쓰기", "notSent": "아직 보내지 않았습니다.", "toForm": "양식으로",
		"gone": "여기에는 아무것도 없습니다", "goneWhy": "양식이 삭제되었거나 주소가 완전하지 않습니다.",
		"damaged": "메시지가 손상되어 도착했습니다. 다시 확인하고 버튼을 눌러 주세요.",
		"large":   "파일이 너무 큽니다. 더 작은 파일을 선택하고 버튼을 다시 눌러 주세요.",
		"broken":  "저희 쪽에 문제가 생겨 메시지를 받지 못했습니다. 잠시 후 버튼을 다시 눌러 주세요. 쓰신 내용은 그대로 있습니다.",
		"busy":    "지금 같은 네트워크에서 너무 많이 보내고 있습니다. 잠시 후 다시 시도해 주세요.",
	},
	"pl": {
		"language": "Polski", "languages": "Język", "skip": "Przejdź do formularza", "title": "Napisz do nas", "optional": "(opcjonalnie)", "choose": "Wybierz…",
		"trap": "Zostaw to pole puste", "send": "Wyślij wiadomość", "use": "Adres służy nam tylko do odpowiedzi.",
		"files": "Do 5 plików, każdy do 10 MB.", "filesAgain": "Wybierz pliki jeszcze raz: przeglądarka ich nie pamięta.",
		"next":  "Co będzie dalej",
		"next1": "Zaraz po wysłaniu zobaczysz numer zgłoszenia.",
		"next2": "Odpowiedź przyjdzie pocztą na adres, który tu wpiszesz.",
		"next3": "Na ten list możesz odpisać w każdej chwili. Wszystko zostaje jedną rozmową.",
		"sent":  "Wysłano", "thanks": "Dziękujemy. Wiadomość dotarła.", "reference": "Numer zgłoszenia",
		"referenceUse": "Zachowaj go, jeśli zechcesz o tę wiadomość zapytać. Nie wysyłamy go pocztą.",
		"after1":       "Wiadomość jest już u naszego zespołu.",
		"after2":       "Odpowiedź przyjdzie pocztą na podany adres.",
		"after3":       "Chcesz coś dodać? Odpisz na ten list albo napisz jeszcze raz i podaj numer.",
		"another":      "Napisz kolejną wiadomość", "notSent": "Jeszcze nie wysłano.", "toForm": "Do formularza",
		"gone": "Tu niczego nie ma", "goneWhy": "Formularz usunięto albo jego adres jest niepełny.",
		"damaged": "Wiadomość dotarła uszkodzona. Sprawdź ją i naciśnij przycisk jeszcze raz.",
		"large":   "Pliki są za duże. Wybierz mniejsze i naciśnij przycisk jeszcze raz.",
		"broken":  "Coś się u nas nie udało i wiadomość nie została przyjęta. Odczekaj chwilę i naciśnij przycisk jeszcze raz: to, co tu jest, zostaje.",
		"busy":    "Z tej sieci wysyła się teraz zbyt wiele. Odczekaj chwilę i spróbuj jeszcze raz.",
	},
}

// tags are the languages in the order in which they are offered.
var tags = []string{"en", "ko", "pl"}

func say(language, key string) string {
	if said, ok := texts[language][key]; ok {
		return said
	}
	return texts["en"][key]
}

// summary says of how many fields something is wrong.
func summary(language string, n int) string {
	switch {
	case n == 0:
		return say(language, "notSent")
	case language == "ko":
		return fmt.Sprintf("확인이 필요한 곳이 %d곳 있습니다.", n)
	case language == "pl" && n == 1:
		return "Jedna rzecz wymaga poprawy."
	case language == "pl" && n%10 >= 2 && n%10 <= 4 && (n%100 < 12 || n%100 > 14):
		return fmt.Sprintf("%d rzeczy wymagają poprawy.", n)
	case language == "pl":
		return fmt.Sprintf("%d rzeczy wymaga poprawy.", n)
	case n == 1:
		return "One thing needs a look."
	}
	return fmt.Sprintf("%d things need a look.", n)
}
