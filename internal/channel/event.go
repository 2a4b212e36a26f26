package channel

import (
	"context"

	"rapport/internal/platform/event"
)

// Kinds of events this room appends.
const (
	InboxChanged       = "inbox.changed"
	ReceiptQuarantined = "receipt.quarantined"
	MessageDelivery    = "message.delivery"
)

// Kinds are all events of the room, for the readers of the log.
var Kinds = []string{InboxChanged, ReceiptQuarantined, MessageDelivery}

type inboxData struct {
	InboxID int64 `json:"inbox_id"`
}

type receiptData struct {
	InboxID   int64 `json:"inbox_id"`
	ReceiptID int64 `json:"receipt_id"`
}

type deliveryData struct {
	InboxID   int64         `json:"inbox_id"`
	MessageID int64         `json:"message_id"`
	State     DeliveryState `json:"state"`
}

func (r *Room) appendInboxChanged(ctx context.Context, workspaceID, inboxID int64, by event.Actor) error {
	return r.log.Append(ctx, event.Event{WorkspaceID: workspaceID, Kind: InboxChanged, Actor: by, Data: event.Data(inboxData{inboxID})})
}

// appendDelivery tells where o stands now; what waits behind it goes on when it
// has come to its end.
func (r *Room) appendDelivery(ctx context.Context, o outbound, state DeliveryState) error {
	if state == Sent || state == Failed || state == Cancelled {
		if err := r.followOn(ctx, o); err != nil {
			return err
		}
	}
	if o.MessageID == 0 {
		return nil // a letter of the product itself has no screen
	}
	return r.log.Append(ctx, event.Event{WorkspaceID: o.WorkspaceID, Kind: MessageDelivery, ConversationID: o.ConversationID,
		Data: event.Data(deliveryData{o.InboxID, o.MessageID, state})})
}
