package email

import (
	"encoding/base32"
	"encoding/binary"
	"strings"

	"rapport/internal/platform/secret"
)

// Addresses and ids that prove where a mail belongs. Both carry the key's
// number, what they name, and 80 bits of a keyed MAC over it, in lower-case
// base32, because the local part of an address may lose its case on the way.
//
//	reply address  local+r<key, conversation, MAC>@domain
//	Message-ID     r.<key, conversation, outbound, MAC>@domain
const (
	keyNumber = 1
	macBytes  = 10
	idBytes   = 7 // ids stay below 2^53
	maxLocal  = 64

	replyPurpose   = "email reply address"
	messagePurpose = "email message id"
)

var base32Lower = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// signer makes and checks them.
type signer struct{ key *secret.Key }

// replyAddress is where an answer in conversation comes back to. An inbox
// whose local part leaves no room for the proof gets its plain address: the
// Message-ID then has to do.
func (s signer) replyAddress(inboxAddress string, conversationID int64) string {
	local, domain, ok := cutAddress(inboxAddress)
	if !ok {
		return inboxAddress
	}
	local += "+r" + s.sign(replyPurpose, conversationID)
	if len(local) > maxLocal {
		return inboxAddress
	}
	return local + "@" + domain
}

// conversationOf reads a reply address; false when it is none of ours.
func (s signer) conversationOf(address string) (int64, bool) {
	_, proof := splitProof(address)
	ids, ok := s.verify(replyPurpose, proof, 1)
	if !ok {
		return 0, false
	}
	return ids[0], true
}

// messageID is the id of an outgoing mail, without angle brackets.
func (s signer) messageID(inboxAddress string, conversationID, outboundID int64) string {
	_, domain, _ := cutAddress(inboxAddress)
	return "r." + s.sign(messagePurpose, conversationID, outboundID) + "@" + domain
}

// outboundOf reads a Message-ID; false when it is none of ours.
func (s signer) outboundOf(messageID string) (conversationID, outboundID int64, ok bool) {
	local, _, found := cutAddress(strings.ToLower(messageID))
	proof, prefixed := strings.CutPrefix(local, "r.")
	if !found || !prefixed {
		return 0, 0, false
	}
	ids, ok := s.verify(messagePurpose, proof, 2)
	if !ok {
		return 0, 0, false
	}
	return ids[0], ids[1], true
}

func (s signer) sign(purpose string, ids ...int64) string {
	body := []byte{keyNumber}
	for _, id := range ids {
		body = append(body, binary.BigEndian.AppendUint64(nil, uint64(id))[8-idBytes:]...)
	}
	mac := s.key.MAC(purpose, body)[:macBytes]
	return base32Lower.EncodeToString(append(body, mac...))
}

func (s signer) verify(purpose, proof string, n int) ([]int64, bool) {
	raw, err := base32Lower.DecodeString(strings.ToLower(proof))
	if err != nil || len(raw) != 1+n*idBytes+macBytes || raw[0] != keyNumber {
		return nil, false
	}
	ids := make([]int64, n)
	for i := range ids {
		for _, b := range raw[1+i*idBytes : 1+(i+1)*idBytes] {
			ids[i] = ids[i]<<8 | int64(b)
		}
	}
	// The MAC is compared in constant time by making the whole text again.
	return ids, constantEqual(s.sign(purpose, ids...), strings.ToLower(proof))
}

// splitProof takes the proof off an address: the inbox's own address and the
// proof, or the address unchanged and "".
func splitProof(address string) (inbox, proof string) {
	local, domain, ok := cutAddress(address)
	if !ok {
		return address, ""
	}
	// Folding the whole could change its length.
	i := max(strings.LastIndex(local, "+r"), strings.LastIndex(local, "+R"))
	if i < 0 {
		return address, ""
	}
	return local[:i] + "@" + domain, local[i+2:]
}

func cutAddress(address string) (local, domain string, ok bool) {
	i := strings.LastIndexByte(address, '@')
	if i <= 0 || i == len(address)-1 {
		return "", "", false
	}
	return address[:i], address[i+1:], true
}

// ReplyAddress is where an answer in a conversation of an inbox comes back to.
func (a *Adapter) ReplyAddress(inboxAddress string, conversationID int64) string {
	return a.signer.replyAddress(inboxAddress, conversationID)
}
