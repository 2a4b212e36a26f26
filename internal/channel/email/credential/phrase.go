package credential

import (
	"regexp"
	"strings"
)

// kindOf is one kind of credential and the phrases that announce it. They are
// compared with folded text: without case and marks, ß is ss.
type kindOf struct {
	name    string
	phrases *regexp.Regexp
}

func anyOf(list ...string) *regexp.Regexp {
	return regexp.MustCompile(`(?:` + strings.Join(list, `|`) + `)`)
}

// The phrases by kind: English, German, French, Spanish, Polish, Korean.
var (
	codeWords = []string{
		`(?:verification|security|confirmation|authentication|authorization|log-?in|sign[- ]?in|sign[- ]?up|one[- ]time|single[- ]use|2-?step|two[- ]factor|2fa|mfa|launch|recovery) (?:pass ?code|code|password|pin\b|otp\b)`,
		`\b(?:pass ?code|otp)\b`,
		`(?:bestatigungs|verifizierungs|verifikations|sicherheits|anmelde|login|einmal|zugangs|authentifizierungs|freischalt)[- ]?(?:code|kennwort|passwort|pin\b)`,
		`code (?:de |d.|a )?(?:verification|confirmation|securite|connexion|validation|authentification|usage unique|acces)`,
		`codigo (?:de )?(?:verificacion|confirmacion|seguridad|acceso|inicio de sesion|autenticacion|un solo uso)`,
		`kod(?:u|em)? (?:weryfikacyjny|weryfikacji|potwierdzajacy|potwierdzenia|bezpieczenstwa|logowania|do logowania|dostepu|jednorazowy|uwierzytelniajacy|autoryzacyjny|autoryzacji)`,
		`jednorazow[ey] (?:haslo|kod)|haslo jednorazowe`,
		`(?:인증|확인|보안|로그인|일회용|일회성|2단계 인증) ?(?:번호|코드|비밀번호)`,
	}
	signInCode = kindOf{"code", anyOf(codeWords...)}

	// brandCode is how providers name a code after themselves: "your Slack code".
	brandCode = regexp.MustCompile(`your (?:[a-z0-9.]+ ){1,3}code\b`)

	confirmation = kindOf{"link", anyOf(
		`(?:verify|confirm|validate|activate) (?:your |the |this |you own )?(?:new )?(?:e-?mail|account|identity|registration|sign[- ]?up)`,
		`(?:e-?mail|account|address) (?:address )?(?:verification|confirmation)`,
		`magic link|(?:sign|log)[- ]?in (?:link|to )|complete your (?:registration|sign[- ]?up)`,
		`(?:e-?mail(?:-?adresse)?|konto|account|adresse|anmeldung|registrierung) (?:zu )?(?:bestatigen|verifizieren|aktivieren)`,
		`bestatig(?:e|en sie|ung) (?:deine[rn]?|ihre[rn]?|die|der) (?:e-?mail|adresse|konto|anmeldung|registrierung)|anmeldelink`,
		`(?:verifi(?:er|ez)|confirm(?:er|ez)|valid(?:er|ez)|activ(?:er|ez)) (?:votre |ton |l.)?(?:adresse|e-?mail|compte|inscription|courriel)|lien de connexion`,
		`(?:verifi(?:ca|car|que)|confirm(?:a|ar|e)|activ(?:a|ar|e)) (?:tu |su |la )?(?:direccion|correo|cuenta|e-?mail|registro)|enlace de inicio de sesion`,
		`(?:potwierdz|zweryfikuj|aktywuj|potwierdzenie|weryfikacja|aktywacja) (?:swoj[ea]? |twoj[ea]? |twojego )?(?:adresu? )?(?:e-?mail|kont[oa]|rejestracj)|link do logowania`,
		`(?:이메일|메일|계정)(?: ?주소)?(?:을|를)? ?(?:인증|확인)|로그인 링크`,
	)}

	reset = kindOf{"reset", anyOf(
		`(?:reset|recover|change|create a new) (?:your |the )?(?:[a-z0-9.]+ )?password`,
		`password (?:reset|recovery|change request)|account recovery`,
		`(?:passwort|kennwort)s? (?:\S+ )?(?:zuruck|vergessen|andern)|zurucksetz\w* (?:deines |ihres |des )?(?:passwort|kennwort)`,
		`(?:reinitialis\w+|modifi\w+) (?:votre |ton |le |du |de )*mot de passe|mot de passe oublie`,
		`(?:restablec\w+|recuper\w+|cambi\w+) (?:de |la |tu |su )*contrasena`,
		`(?:z?reset\w*|zmian[aey]|zmien|odzyskiwanie) (?:swoje |twojego |twoje )?hasl[ao]`,
		`비밀번호 ?(?:를 |을 )?(?:재설정|초기화|변경|찾기)`,
	)}

	domainProof = kindOf{"domain", anyOf(
		`(?:domain|dns)[- ](?:control |ownership )?(?:validation|verification|control)|domain ownership|google-site-verification`,
		`(?:verify|confirm|prove|validate) (?:\S+ ){0,5}domain\b`,
		`certificate (?:approval|request|validation|order)|approve (?:\S+ ){0,5}certificate`,
		`domain\S* (?:\S+ ){0,2}(?:bestatig|verifizier|validier)|domain-?(?:inhaber|validierung|verifizierung)`,
		`zertifikat\S* (?:\S+ ){0,3}(?:genehmig|freigeb|bestatig|bestell)`,
		`(?:validation|propriete|controle|verifi\w+) (?:\S+ )?(?:du |de |d.)?domaine|(?:approu|valid)\w+ (?:\S+ ){0,3}certificat\b`,
		`(?:validacion|propiedad|verifica\w+) (?:\S+ ){0,2}dominio|(?:aprob|aprueb|valid)\w+ (?:\S+ ){0,3}certificado`,
		`(?:weryfikacj\w+|potwierd\w+|wlasnosc\w*) (?:\S+ )?domen|zatwierd\w* (?:\S+ ){0,3}certyfikat`,
		`도메인 ?(?:소유|확인|인증)|인증서 ?(?:\S+ )?(?:승인|발급)`,
	)}
)

// codes are what a code looks like in folded text: digits, perhaps in two groups
// or behind a letter or two; letters and digits mixed; three and three with a
// dash.
var codes = regexp.MustCompile(`\b(?:[a-z]{1,2}-)?\d{4,10}\b|\b\d{3}[- ]\d{3,4}\b|\b[a-z0-9]{3}-[a-z0-9]{3}(?:-[a-z0-9]{3})?\b|\b[a-z]{1,6}\d[a-z0-9]{2,7}\b|\b\d{1,6}[a-z][a-z0-9]{2,7}\b`)

var year = regexp.MustCompile(`^(?:19|20)\d\d$`)

// beside is a phrase with its code next to it, or a code with its phrase. Korean
// sets its particles right behind.
var beside = regexp.MustCompile(`(?s)(` + strings.Join(codeWords, `|`) + `).{0,50}?(?:^|[\s:(="'*>\[」])(?:[a-z]{1,2}-)?(?:\d{4,10}|\d{3}[- ]\d{3,4}|[a-z]{0,5}\d[a-z0-9]{3,7})(?:[\s.,;:)!"'*<\]]|$|입|은|는|을|를|이)` +
	`|\b(?:[a-z]{1,2}-)?(?:\d{4,10}|\d{3}[- ]\d{3,4}) (?:is |ist |est |es |to |로 )?(?:your |dein |ihr |votre |tu |su |twoj )?(?:[a-z0-9.]+ ){0,3}(` + strings.Join(codeWords, `|`) + `)`)

// warning is what stands below a code, in a mail that a machine wrote.
var warning = anyOf(
	`expires?\b|valid for|do ?n.t share|do not share|never share|did ?n.t request|did not request|ignore this e?-?mail|did ?n.t try to`,
	`gultig|lauft .{0,20}ab|nicht weiter|nicht angefordert|ignorier`,
	`expire|valable|ne partagez|ne communiquez|pas demande|ignorez`,
	`caduca|valido|no compart|no has solicitado|no solicito|ignora`,
	`wazny|wygasa|nie udostepniaj|nie podawaj|nie prosil|zignoruj`,
	`유효|만료|공유하지|알려주지|요청하지|무시`,
)

// passedOn is the subject of an answer or a forward.
var passedOn = regexp.MustCompile(`(?i)^\s*(?:re|aw|sv|odp|antw|fwd?|wg|pd|tr|rv|회신|답장|전달)\s*(?:\[\d+\])?\s*[:：]`)

// unattended are the first parts of addresses that only machines write from.
var unattended = regexp.MustCompile(`(?:^|[-_.+])(?:no-?_?\.?reply|do-?not-?_?reply|donotreply|noresponse|noresponder|nie-?odpowiadaj|nepasrepondre|ne-pas-repondre|nicht-antworten|auto-?confirm|otp)(?:$|[-_.+])|^noreply|noreply$`)

// roles are those of offices, where a person may write but machines do as well.
var roles = regexp.MustCompile(`^(?:accounts?|account[-_.]\S+|admin(?:istrator)?|alerts?|appleid|auth|authentication|billing|confirm(?:ation)?|contact|feedback|hello|help|hilfe|id|info|invite|kontakt|login|mail(?:er)?|member(?:s|ship)?|msonlineservicesteam|notify|notifications?|passport|register|registration|security|service|signin|signup|support|system|team|validation|verif(?:y|ication)|welcome)$|(?:^|[-_.])(?:security|verify|verification|account|accounts|auth|login|notify)(?:$|[-_.])`)

// discussions are where people discuss, by the mails of a provider.
var discussions = regexp.MustCompile(`^(?:notifications?|jira|confluence|comments?(?:-noreply)?|drive-shares\S*|messages?|discuss\S*)$`)
