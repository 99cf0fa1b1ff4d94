package main

import (
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"runtime"
	"strconv"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"stnb.dev/cmd/stnb/ops"
	"stnb.dev/notebook"
	"stnb.dev/notebook/jupyter"
	"stnb.dev/notebook/session"
	"stnb.dev/widgets/markdown"
)

func kernelCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "kernel",
		Short: "Use stnb as a Jupyter kernel",
		Long: "Use stnb as a Jupyter kernel: once installed, JupyterLab, VS Code, nbclient and\n" +
			"others run Go notebooks with it.",
		Args: cobra.ArbitraryArgs,
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) > 0 {
				return usage("there is no command %q; see stnb help kernel", "kernel "+args[0])
			}
			return c.Help()
		},
	}
	c.AddCommand(kernelInstallCommand(), kernelUninstallCommand(), kernelRunCommand())
	return c
}

func kernelRunCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "run CONNECTION-FILE",
		Short: "Serve as a kernel; Jupyter calls this",
		Long: "Serve as a kernel on the sockets that a connection file names. Jupyter calls this;\n" +
			"the kernel's engine and memory are set by STNB_ENGINE, STNB_MEMORY and\n" +
			".stnb/config.toml, as everywhere.",
		Args: exactly(1, "a connection file"),
		RunE: func(c *cobra.Command, args []string) error { return serveKernel(c, args[0]) },
	}
}

func serveKernel(c *cobra.Command, connection string) error {
	conn, err := jupyter.ReadConnection(connection)
	if err != nil {
		return err
	}
	dir, err := os.Getwd()
	if err != nil {
		return err
	}
	v, err := settings(c, dir)
	if err != nil {
		return err
	}
	log := slog.New(slog.NewTextHandler(c.ErrOrStderr(), &slog.HandlerOptions{Level: slog.LevelWarn}))
	uploads, remove, err := uploadFolder()
	if err != nil {
		return err
	}
	defer remove()
	nb := &notebook.Notebook{Dir: dir}
	live := session.New(session.Config{
		Setup:  session.Setup{Mode: session.ModeEdit, ID: "jupyter", Notebook: nb, Program: session.Build(nb), Markdown: markdown.Cell},
		Launch: launcher(v, log, ops.NewMetrics(), false, uploads)(dir),
		Log:    log,
	})
	defer live.Close()
	interrupts := make(chan os.Signal, 1)
	signal.Notify(interrupts, os.Interrupt)
	ctx, stop := signal.NotifyContext(c.Context(), syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	if os.Getenv("JPY_PARENT_PID") != "" {
		go orphaned(os.Getppid(), stop)
	}
	return jupyter.Serve(ctx, jupyter.Config{
		Connection: conn, Session: live, Interrupt: interrupts, Version: buildName(), Log: log,
	})
}

// orphaned stops the kernel when Jupyter is gone: nobody else would.
func orphaned(parent int, stop func()) {
	if runtime.GOOS == "windows" || parent <= 1 {
		return
	}
	for os.Getppid() == parent {
		time.Sleep(time.Second)
	}
	stop()
}

func kernelInstallCommand() *cobra.Command {
	var t kernelTarget
	var display string
	c := &cobra.Command{
		Use:   "install",
		Short: "Tell Jupyter about stnb",
		Long: "Tell Jupyter about stnb: write a kernelspec into the user's Jupyter folder, below a\n" +
			"prefix such as a virtual environment, or for all users.",
		Args: exactly(0, "no arguments"),
		RunE: func(c *cobra.Command, _ []string) error {
			exe, err := os.Executable()
			if err != nil {
				return err
			}
			dir, err := t.dir()
			if err != nil {
				return err
			}
			if err := jupyter.Install(dir, jupyter.Spec{Exe: exe, Display: display}); err != nil {
				return err
			}
			fmt.Fprintf(c.OutOrStdout(), "Installed the kernel %s in %s.\n", strconv.Quote(display), dir)
			return nil
		},
	}
	t.flags(c)
	c.Flags().StringVar(&display, "display-name", "Go (stnb)", "the name that people choose it by")
	return c
}

func kernelUninstallCommand() *cobra.Command {
	var t kernelTarget
	c := &cobra.Command{
		Use:   "uninstall",
		Short: "Take the kernel out of Jupyter again",
		Args:  exactly(0, "no arguments"),
		RunE: func(c *cobra.Command, _ []string) error {
			dir, err := t.dir()
			if err != nil {
				return err
			}
			if err := jupyter.Uninstall(dir); err != nil {
				return err
			}
			fmt.Fprintf(c.OutOrStdout(), "Removed %s.\n", dir)
			return nil
		},
	}
	t.flags(c)
	return c
}

// kernelTarget says where a kernelspec goes.
type kernelTarget struct {
	user, system bool
	prefix, name string
}

func (t *kernelTarget) flags(c *cobra.Command) {
	c.Flags().BoolVar(&t.user, "user", false, "in the user's Jupyter folder (the default)")
	c.Flags().StringVar(&t.prefix, "prefix", "", "below this folder, such as a virtual environment")
	c.Flags().BoolVar(&t.system, "sys", false, "for all users of this machine")
	c.Flags().StringVar(&t.name, "name", "stnb", "the kernel's name in files and on the command line")
	c.MarkFlagsMutuallyExclusive("user", "prefix", "sys")
}

func (t *kernelTarget) dir() (string, error) {
	place := jupyter.Place{OS: runtime.GOOS, Home: homeDir(), Env: os.Getenv, Prefix: t.prefix, System: t.system}
	return place.Kernel(t.name)
}
