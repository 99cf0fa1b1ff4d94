package session

import "strings"

// explained are sections of docs/errors.md on what happens while cells run: the first
// whose words, or kind alone, fit. What a program reports as an error of its own
// explains itself.
var explained = []struct{ kind, words, topic string }{
	{kind: "panic", words: "nil pointer dereference", topic: "nil-pointer"},
	{kind: "panic", words: "nil map", topic: "nil-map"},
	{kind: "panic", words: "out of range", topic: "out-of-range"},
	{kind: "panic", words: "interface conversion", topic: "type-assertion"},
	{kind: "panic", words: "divide by zero", topic: "divide-by-zero"},
	{kind: "panic", words: "closed channel", topic: "closed-channel"},
	{kind: "panic", words: "close of nil channel", topic: "closed-channel"},
	{kind: "panic", words: "", topic: "panic"},
	{kind: "deadlock", words: "", topic: "deadlock"},
	{kind: "stack", words: "", topic: "stack"},
	{kind: "exit", words: "kernel", topic: "kernel-ended"},
	{kind: "exit", words: "", topic: "exit"},
	{kind: "misuse", words: "", topic: "misuse"},
}

// topicOf is the section that explains a fault, "" when there is none.
func topicOf(kind, message string) string {
	for _, e := range explained {
		if e.kind == kind && strings.Contains(message, e.words) {
			return e.topic
		}
	}
	return ""
}
