package jupyter

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
	"testing"
)

func TestMessage(t *testing.T) {
	m := Message{
		Route:  [][]byte{[]byte("client")},
		Header: Header{ID: "1", Session: "s", Username: "u", Date: "2026-01-02T03:04:05Z", Type: "execute_request", Version: "5.3"},
		Parent: json.RawMessage(`{}`), Meta: json.RawMessage(`{"cellId":"a"}`), Content: json.RawMessage(`{"code":"1"}`),
		Buffers: [][]byte{{1, 2}},
	}
	frames, err := m.Encode("key")
	if err != nil {
		t.Fatal(err)
	}
	back, err := Decode(frames, "key")
	if err != nil {
		t.Fatal(err)
	}
	if back.Header != m.Header || string(back.Content) != string(m.Content) || string(back.Route[0]) != "client" ||
		string(back.Meta) != string(m.Meta) || !bytes.Equal(back.Buffers[0], m.Buffers[0]) {
		t.Errorf("%+v came back as %+v", m, back)
	}
	if _, err := Decode(frames, "other"); !errors.Is(err, ErrSignature) {
		t.Errorf("another key: %v", err)
	}
	for i := 3; i < 7; i++ { // header, parent, metadata, content
		forged := slices.Clone(frames)
		forged[i] = append(slices.Clone(frames[i]), ' ')
		if _, err := Decode(forged, "key"); !errors.Is(err, ErrSignature) {
			t.Errorf("frame %d changed: %v", i, err)
		}
	}
	for n := range len(frames) - 1 { // the buffer may be missing
		if _, err := Decode(frames[:n], "key"); !errors.Is(err, ErrMalformed) {
			t.Errorf("%d frames: %v", n, err)
		}
	}
	// Without a key nothing is signed.
	frames, _ = m.Encode("")
	if _, err := Decode(frames, ""); err != nil || len(frames[2]) != 0 {
		t.Errorf("unsigned: %v, signature %q", err, frames[2])
	}
}

// FuzzDecode: whatever comes from the network, Decode answers; what it accepts
// encodes to a message that says the same.
func FuzzDecode(f *testing.F) {
	m := Message{Header: Header{ID: "1", Type: "kernel_info_request"}, Content: json.RawMessage(`{"a":1}`)}
	for _, key := range []string{"", "key"} {
		frames, err := m.Encode(key)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(bytes.Join(frames, []byte("\n")), key)
	}
	f.Add([]byte("<IDS|MSG>\n\n{}\n{}\n{}\n[]"), "")
	f.Add([]byte("a\nb\n<IDS|MSG>\n\n{\"msg_id\":\"1\",\"msg_type\":\"x\"}\n{}\n{}\n{\"code\":\"1\",\"cursor_pos\":-1}"), "")
	f.Fuzz(func(t *testing.T, data []byte, key string) {
		got, err := Decode(bytes.Split(data, []byte("\n")), key)
		if err != nil {
			if !errors.Is(err, ErrMalformed) && !errors.Is(err, ErrSignature) {
				t.Fatalf("another error: %v", err)
			}
			return
		}
		frames, err := got.Encode(key)
		if err != nil {
			t.Fatal(err)
		}
		again, err := Decode(frames, key)
		if err != nil || again.Header != got.Header || string(again.Content) != string(got.Content) {
			t.Fatalf("%+v became %+v: %v", got, again, err)
		}
		// What a request may ask is answered for any content.
		answerTo(got, isComplete)
		answerTo(got, func(r cursorRequest) any { c, at, _ := r.place(); return runeOffset(c.Source, at) })
		answerTo(got, func(r historyRequest) any { return (&history{entries: []entry{{1, "x", nil}}}).find(r) })
	})
}

func TestReplays(t *testing.T) {
	var r replays
	if r.add("a") || !r.add("a") || r.add("b") {
		t.Error("a message is not told from one that was seen")
	}
	for i := range 2 * maxSeen {
		if r.add(string(rune(i)) + "x" + newID()) {
			t.Fatal("a new message counts as seen")
		}
	}
	if len(r.now)+len(r.then) > 2*maxSeen {
		t.Errorf("%d messages are remembered", len(r.now)+len(r.then))
	}
}
