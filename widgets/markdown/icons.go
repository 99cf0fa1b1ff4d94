package markdown

import "slices"

// Icons are the names of :material/name: that a page can draw, in order.
var Icons = []string{
	"add", "bar_chart", "bolt", "calendar_month", "check", "check_circle", "close", "dark_mode",
	"delete", "description", "download", "edit", "error", "favorite", "folder", "help", "home",
	"info", "light_mode", "link", "list", "lock", "mail", "menu", "person", "play_arrow", "redo",
	"refresh", "remove", "restart_alt", "search", "send", "settings", "star", "stop", "table_chart",
	"thumb_down", "thumb_up", "undo", "upload", "visibility", "warning",
}

// IsIcon says whether the page can draw the icon of that name.
func IsIcon(name string) bool {
	_, ok := slices.BinarySearch(Icons, name)
	return ok
}
