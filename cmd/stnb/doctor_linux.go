package main

import (
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

const (
	fewFiles = 10_000  // descriptors: a visitor takes one of the server and four of the kernel
	fullDisk = 1 << 30 // bytes
)

// machine looks at what the system gives.
func machine(root string) (list []finding) {
	var files unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &files); err == nil {
		if files.Max < fewFiles {
			err = fmt.Errorf("%d files may be open at once, and a visitor takes up to four (ulimit -n, or LimitNOFILE of systemd)", files.Max)
		}
		list = append(list, finding{"files", fmt.Sprintf("%d may be open at once", files.Max), err})
	}
	for _, dir := range []string{root, os.TempDir()} {
		var s unix.Statfs_t
		if err := unix.Statfs(dir, &s); err == nil {
			free := s.Bavail * uint64(s.Bsize)
			if free < fullDisk {
				err = fmt.Errorf("%d MB are free in %s", free>>20, dir)
			}
			list = append(list, finding{"disk", fmt.Sprintf("%d GB are free in %s", free>>30, dir), err})
		}
	}
	return list
}
