package mailparse

import (
	"regexp"
	"strings"
)

// The causes a bounce or report is sorted into.
const (
	ReasonDelivered    = "delivered"
	ReasonFeedback     = "feedback" // the recipient complained
	ReasonVacation     = "vacation"
	ReasonRead         = "read" // a read receipt
	ReasonUserUnknown  = "userunknown"
	ReasonHostUnknown  = "hostunknown"
	ReasonHasMoved     = "hasmoved"
	ReasonNotAccept    = "notaccept" // the host takes no mail at all
	ReasonMailboxFull  = "mailboxfull"
	ReasonSuspended    = "suspend"
	ReasonFiltered     = "filtered"
	ReasonTooBig       = "mesgtoobig"
	ReasonSpam         = "spamdetected"
	ReasonVirus        = "virusdetected"
	ReasonBlocked      = "blocked"
	ReasonReputation   = "badreputation"
	ReasonRejected     = "rejected" // for the sender's sake
	ReasonAuth         = "authfailure"
	ReasonPTR          = "requireptr"
	ReasonPolicy       = "policyviolation"
	ReasonSecurity     = "securityerror"
	ReasonRelay        = "norelaying"
	ReasonContent      = "contenterror"
	ReasonExpired      = "expired"
	ReasonNetwork      = "networkerror"
	ReasonSystem       = "systemerror"
	ReasonSystemFull   = "systemfull"
	ReasonMailer       = "mailererror"
	ReasonConnections  = "toomanyconn"
	ReasonSyntax       = "syntaxerror"
	ReasonNotCompliant = "notcompliantrfc"
	ReasonOther        = "undefined"
)

// wording ties what mail systems say to a cause. The first match wins, so
// the order goes from the unmistakable to the general.
type wording struct {
	reason  string
	phrases []string
}

var wordings = []wording{
	{ReasonMailboxFull, []string{"mailbox full", "mailbox is full", "mailbox has exceeded", "mailbox exceeded", "mailbox size limit", "mailbox space not enough", "mailbox for user is full", "mailbox quota",
		"over quota", "overquota", "over the quota", "quota exceeded", "quota exceed", "exceeded quota", "exceeds quota", "exceeded his/her quota", "exceeded its quota", "exceeded the quota", "exceeded storage allocation", "quota violation", "out of quota",
		"disk quota", "quotaexceeded", "storage quota", "is over his quota", "is out of storage", "out of storage space", "not enough storage space", "insufficient disk space", "no space left in the mailbox",
		"inbox is full", "inbox full", "account is full", "account full", "recipient's mailbox is full", "maildir over", "maildir delivery failed: user",
		"too many messages on this mailbox", "too many messages in recipient's mailbox", "messages in recipient's mailbox exceeded", "recipient reached disk quota", "would exceed mailbox", "delivery failed: over quota", "over the allowed quota", "over the maximum allowed mailbox size", "mail box full", "boxfull", "exceeded the space limit", "exceeded email storage",
		"user is over", "user has exceeded", "user has too many messages", "has reached the limit of", "mailfolder is full", "full mailbox", "box is full", "사서함이 가득", "용량이 초과", "용량 초과", "przepełnion", "brak miejsca", "postfach ist voll", "boîte pleine", "переполнен"}},
	{ReasonHasMoved, []string{"address has been replaced", "has been replaced by", "recipient has moved", "user has moved", "mailbox has moved", "has changed address", "please try <", "no longer at this address, please", "new address is", "new e-mail address is", "not in my control table"}},
	{ReasonVirus, []string{"virus", "malware", "infected", "trojan", "contains a worm", "this message contains invalid attachment"}},
	{ReasonAuth, []string{"dmarc", "spf check failed", "spf validation", "spf (sender policy framework)", "spf failed", "spf fail", "spf hard fail", "failed spf", "does not pass spf", "dkim", "unauthenticated", "sender policy framework", "spf record", "spf: ", "spf checks", "openspf", "spf (fail", "not pass authentication", "unauthorised to send", "authentication checks", "arc validation"}},
	{ReasonPTR, []string{"ptr record", "reverse dns", "rdns", "no ptr", "reverse lookup", "reverse hostname", "no reverse", "find your hostname", "find your reverse", "invalid hostname for", "all mail servers must have a ptr", "cannot resolve your address", "unresolvable client", "client ip address does not resolve", "cannot find your hostname", "does not have a valid ptr", "must have valid ptr", "resolve your host"}},
	{ReasonRelay, []string{"relaying denied", "relay access denied", "not permitted to relay", "relay not permitted", "unable to relay", "relaying not allowed", "relay denied", "not a relay", "relaying mail to", "no relaying", "open relay", "relay prohibited", "as a relay", "relaying prohibited", "we do not relay", "insecure mail relay", "relay operation", "not an open relay", "that domain isn't in my list of allowed rcpthosts", "not local host", "mail to be relayed"}},
	{ReasonSecurity, []string{"starttls", "tls required", "tls is required", "authentication required", "authentication is required", "authentication failed", "must be authenticated", "must authenticate", "smtp auth", "unencrypted", "encryption required", "need to authenticate", "authentication credentials", "verification failure", "certificate", "insecure connection", "user not authenticated", "you are not authorized to send mail", "tls handshake", "domain's policy requires", "message contains links that lead to"}},
	{ReasonConnections, []string{"too many connections", "too many concurrent", "too many simultaneous", "too many recipients", "too many errors", "max connections", "maximum number of connections", "connection limit", "rate limit", "too many sessions", "too many messages", "too many mails", "too much mail", "daily limit", "sending limit", "sending rate", "exceeded the maximum number", "frequency limited", "throttl", "too fast", "rate that prevents", "domain frequency"}},
	{ReasonReputation, []string{"reputation", "temporarily rate limited due to ip", "poor score", "has been temporarily rate limited"}},
	{ReasonBlocked, []string{"blacklist", "black list", "blocklist", "block list", "block-list", "blocked", "blocking", "denylist", "spamhaus", "spamcop", "sorbs", "barracudacentral", "rbl", "dnsbl", "your ip", "ip address is", "client host rejected", "client host [", "banned", "is listed", "was listed", "are listed", "listed at", "listed by", "bad host", "your access to this mail system", "connections not accepted from", "connection refused by", "connection rejected", "access denied. ip", "not accepting mail from this address", "rejected because of", "dynamic ip", "not accept messages from", "no access from mail server", "messages from your", "messages from [", "messages from 1", "your network", "relay quota", "relay quota", "part of their network", "from your host", "from this ip", "mail server ip", "connection dropped", "connection reset by", "access denied, banned", "refused to talk to me", "greylist", "graylist", "grey listed", "greylisted", "see http://spamblock", "temporarily deferred", "temporarily deferring"}},
	{ReasonSpam, []string{"spam", "junk mail", "junk email", "unsolicited", "considered as bulk", "bulk mail", "this message scored", "high probability of", "looks like uce", "cloudmark", "score too high", "content rejected", "message content rejected", "blacklisted url", "mail rejete", "mail rejected. ofr", "appears to be unsolicited", "identified as", "message rejected due to local policy", "unacceptable content"}},
	{ReasonTooBig, []string{"message too big", "message too large", "message size exceeds", "size exceeds", "size limit", "exceeds maximum", "message file too big", "message is too large", "too large for", "maximum message size", "message length exceeds", "message exceeds", "exceeds the size", "line limit exceeded", "too big for"}},
	{ReasonRejected, []string{"sender address rejected", "sender rejected", "sender denied", "sender refused", "sender verif", "sender not", "unknown sender", "invalid sender", "bad sender", "sender domain", "sender unknown", "sender is blocked", "sender was rejected", "sender is on", "domain of sender address", "sender address is", "sender's", "your address is", "address rejected. sender", "not allowed to send", "mail from:", "return path", "mailfrom", "from domain", "from address", "returnpath", "mail from your", "user reject", "rejected by recipient", "you are not allowed", "not a member of", "groups.google.com/support", "/groups/", "may not have permission to post", "not have permission", "only accepts mail from", "closed list", "subscribers only", "domain is invalid. please provide a valid from", "backscatter", "server does not accept mail from", "access denied (in reply to mail from", "authentication is disabled"}},
	{ReasonContent, []string{"mime", "content error", "header error", "invalid header", "content-type", "8-bit", "eight bit", "too many 'received'", "message header", "bad header", "non-ascii", "charset not", "bare lf", "bare cr", "without mime"}},
	{ReasonNotAccept, []string{"null mx", "nullmx", "does not accept mail", "does not accept email", "not accept any mail", "no smtp service", "not accepting mail", "mx points to", "mail receiving disabled", "smtp protocol returned a permanent error", "host/domain does not accept mail", "no mx", "mail exchanger is invalid", "cname lookup failed", "dns error: no answer", "domain does not accept", "does not receive mail", "do not accept email", "refuse to accept mail", "not receiving mail", "name server: .: host not found", "malformed or unexpected name server reply"}},
	{ReasonHostUnknown, []string{"host unknown", "unknown host", "host not found", "domain not found", "domain name not found", "domain does not exist", "domain doesn't exist", "no such domain", "unknown domain", "unrouteable", "unroutable", "unrouteable mail domain", "host or domain name not found", "name or service not known", "bad destination system", "domain must exist", "domain is not in my list", "domain couldn't be found", "couldn't find any host", "couldn't find a mail exchanger", "no route to domain", "domain syntax error", "illegal host/domain", "host/domain not found", "no matches to nameserver query", "invalid domain", "non-existent domain", "nxdomain", "address resolution", "recipient domain must exist", "is not a valid domain", "no route to host mail", "nonexistent domain", "domain mentioned in email address is unknown", "no such host", "hostname lookup", "unresolvable", "domain not exist"}},
	{ReasonSuspended, []string{"suspended", "account disabled", "account is disabled", "account has been disabled", "is disabled", "disabled account", "disabled recipient", "account inactive", "inactive account", "is inactive", "inactive user", "mailbox disabled", "mailbox is disabled", "mailbox unavailable or access denied", "deactivated", "account is locked", "mailbox is frozen", "mailbox is inactive", "mailbox currently suspended", "temporarily disabled", "user is disabled", "account closed", "temporary locked", "temporarily locked", "account locked", "is locked", "account has been locked", "mailbox is currently", "recipient suspend", "boite du destinataire archivee", "archived recipient", "no longer on server", "invalid/inactive user", "user(s) account is", "email account that you tried to reach is"}},
	{ReasonUserUnknown, []string{"user unknown", "unknown user", "userunknown", "no such user", "no such mailbox", "no such recipient", "no such address", "no such person", "no such account", "no such local user", "user not found", "user doesn't exist", "user does not exist", "user don't exist", "does not exist", "doesn't exist", "not exist here", "nosuchuser", "recipient unknown", "unknown recipient", "recipient not found", "recipient not exist", "recipient does not exist", "invalid recipient", "invalid mailbox", "invalid user", "invalid address", "invalid local part", "unknown address", "unknown local", "unknown account", "unknown email", "unknown mailbox", "unknown or illegal alias", "address unknown", "address not found", "address doesn't", "address is unknown", "address rejected: undeliverable", "bad destination mailbox", "bad address syntax", "bad recipient", "mailbox not found", "mailbox not exist", "mailbox unknown", "mailbox does not", "mailbox unavailable", "not a valid recipient", "not a valid mailbox", "not a valid user", "not a known user", "not a local", "not our customer", "not listed in", "not known at", "not known here", "not recognized", "no account", "no mailbox", "no user", "no valid recipient", "no longer valid", "no longer available", "no longer in use", "undeliverable address", "is not a user", "is unknown", "couldn't be found", "could not be found", "wasn't found", "not found by", "account not found", "destination addresses were unknown", "destination server rejected recipients", "delivery to the following recipient failed permanently: user", "this user doesn't have", "dosn't exist", "unable to deliver to", "unable to deliver message to", "does not have an account", "non-existent", "nonexistent", "recipnotfound", "recipientnotfound", "recipient rejected", "recipient address was rejected", "recipient no longer", "there is no one at this address", "user invalid", "user missing", "sorry, no mailbox here", "that user", "vdeliver: invalid or unknown", "wrong recipient", "el usuario", "usuario desconocido", "adresse d au moins un destinataire invalide", "existiert nicht", "unbekannt", "nie istnieje", "nieznany", "존재하지 않", "없는 계정", "수신자를 찾을 수 없", "不存在", "存在しません", "見つから", "宛先不明", "utilisateur inconnu", "n'existe pas", "не существует", "не найден", "inesistente"}},
	{ReasonFiltered, []string{"user reject", "denied by", "because the recipient is only accepting mail", "rejected by a remote mail server", "mail from unknown", "filter", "refused by recipient", "has not been authorized", "you have been blocked by the recipient", "due to extended inactivity", "not accepting mail for", "rejected by the recipient", "recipient is not accepting", "only accepting mail from specific", "email address is not accepting"}},
	{ReasonPolicy, []string{"policy", "prohibited", "not allowed", "administrative", "violation", "for policy reasons", "attachment", "disallowed", "message rejected", "messages rejected", "message refused", "delivery not authorized", "transaction failed", "protocol violation", "not authorized"}},
	{ReasonExpired, []string{"expired", "timed out", "timeout", "time out", "could not deliver for", "retry time", "retry timeout", "giving up", "too long", "delivery time", "has been failing", "have been failing", "was not delivered within", "delayed", "not yet been delivered", "could not be delivered for", "connection attempt failed", "connection refused", "did not accept our requests", "socket error", "not responding", "been in the queue", "delivery attempts", "failed to connect", "still being retried", "in queue too long", "within", "for the last", "retried", "unable to deliver message after multiple", "operation timed out", "try again later"}},
	{ReasonNetwork, []string{"network", "routing loop", "mail loop", "loops back", "loop detected", "too many hops", "hop count", "maximum hop", "unreachable", "dns failure", "dns lookup", "dns failed", "name service error", "hop limit", "mail forwarding loop", "message looping", "connection lost", "lost connection", "connection was dropped", "connection closed", "host unreachable", "no route to host", "unable to connect", "couldn't connect", "establish", "session was aborted"}},
	{ReasonSystemFull, []string{"insufficient system", "system storage", "mail system full", "no space left on device", "insufficient disk", "not enough disk"}},
	{ReasonSyntax, []string{"syntax error", "command not", "unrecognized command", "bad command", "command rejected", "malformed address", "sequence of commands", "command unrecognized", "improper use"}},
	{ReasonMailer, []string{"mailer error", "command failed", "exit status", "exited with", "x-unix", "permission denied", "pipe", "procmail", "forwarding", "local delivery failed", "service unavailable"}},
	{ReasonSystem, []string{"system error", "internal error", "internal server", "local error", "server error", "local configuration", "configuration error", "unable to", "can't create", "cannot create", "system config", "could not be written", "resources temporarily", "temporary local", "try again", "server temporarily", "temporar"}},
	{ReasonUserUnknown, []string{"recipient address rejected"}},
}

// reasonOfStatus is what an enhanced status alone says.
var reasonOfStatus = map[string]string{
	"1.1": ReasonUserUnknown, "1.2": ReasonHostUnknown, "1.3": ReasonUserUnknown, "1.4": ReasonFiltered, "1.6": ReasonHasMoved, "1.7": ReasonRejected, "1.8": ReasonRejected,
	"1.9": ReasonExpired, "1.10": ReasonUserUnknown, "1.351": ReasonUserUnknown, "2.1": ReasonSuspended, "2.0": ReasonFiltered, "2.2": ReasonMailboxFull, "2.3": ReasonTooBig, "2.4": ReasonFiltered,
	"3.0": ReasonSystem, "3.1": ReasonSystemFull, "3.2": ReasonNotAccept, "3.3": ReasonSystem, "3.4": ReasonTooBig, "3.5": ReasonSystem,
	"4.1": ReasonExpired, "4.2": ReasonNetwork, "4.3": ReasonSystem, "4.4": ReasonHostUnknown, "4.5": ReasonSystemFull, "4.6": ReasonNetwork, "4.7": ReasonExpired, "4.14": ReasonNetwork,
	"5.0": ReasonMailer, "5.3": ReasonConnections, "5.4": ReasonSyntax, "6.0": ReasonContent, "6.9": ReasonContent, "7.0": ReasonPolicy, "7.1": ReasonFiltered, "7.13": ReasonSuspended, "7.25": ReasonPTR, "7.26": ReasonAuth, "7.27": ReasonNotAccept,
	"7.508": ReasonConnections, "7.509": ReasonAuth, "7.606": ReasonBlocked, "7.650": ReasonReputation,
}

// strongStatus are the statuses that mean what they say whatever words follow.
var strongStatus = map[string]bool{"2.2": true, "1.6": true, "1.7": true, "1.8": true, "1.9": true, "7.13": true, "7.25": true, "7.26": true, "7.509": true, "3.4": true, "1.10": true, "1.351": true}

// rejectedAddress is how MessageLabs says that it knows no such address.
var rejectedAddress = regexp.MustCompile(`\b542 <?[^\s@]+@[^\s@]+ rejected`)

var spaces = regexp.MustCompile(`\s+`)

// reasonOf sorts what a mail system said into a cause, "" if it cannot.
func reasonOf(words, status string) string {
	class, detail, _ := strings.Cut(status, ".")
	if class == "2" {
		return ReasonDelivered
	}
	if strongStatus[detail] {
		return reasonOfStatus[detail]
	}
	words = spaces.ReplaceAllString(strings.ToLower(words), " ")
	if rejectedAddress.MatchString(words) {
		return ReasonUserUnknown
	}
	for _, w := range wordings {
		for _, phrase := range w.phrases {
			if says(words, phrase) {
				return w.reason
			}
		}
	}
	return reasonOfStatus[detail]
}

// says reports whether the phrase stands in words; a short one must be a word
// of its own.
func says(words, phrase string) bool {
	for from := 0; ; {
		i := strings.Index(words[from:], phrase)
		if i < 0 {
			return false
		}
		start, end := from+i, from+i+len(phrase)
		if len(phrase) > 5 || !letterAt(words, start-1) && !letterAt(words, end) {
			return true
		}
		from = end
	}
}

func letterAt(s string, i int) bool {
	return i >= 0 && i < len(s) && s[i] >= 'a' && s[i] <= 'z'
}

// isHard reports whether the cause lies in the address and will stay.
func isHard(reason, status string) bool {
	switch reason {
	case ReasonUserUnknown, ReasonHostUnknown, ReasonHasMoved, ReasonNotAccept:
		return !strings.HasPrefix(status, "4")
	}
	return false
}
