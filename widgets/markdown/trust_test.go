package markdown

import "testing"

// TestTrust names the attacks of SECURITY.md that Markdown alone meets.
func TestTrust(t *testing.T) {
	t.Run("T20", TestNothingUnsafePasses)
	t.Run("T25", TestHostileTextIsFast)
}
