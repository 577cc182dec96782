// Plugs and unplugs memory in an EmuPS machine with two QMP clients that were written for QEMU: the one that Kata
// Containers uses, and DigitalOcean's. README.md says how to run it.
package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/digitalocean/go-qemu/qmp"
	"github.com/kata-containers/govmm/qemu"
)

func check(what string, err error) {
	if err != nil {
		fmt.Fprintf(os.Stderr, "%s: %v\n", what, err)
		os.Exit(1)
	}
	fmt.Println(what)
}

// ask sends a command as it is and prints the reply.
func ask(monitor *qmp.SocketMonitor, command string) {
	reply, err := monitor.Run([]byte(command))
	check(command, err)
	fmt.Println(string(reply))
}

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: qmp-client SOCKET")
		os.Exit(2)
	}
	limit, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()

	events := make(chan qemu.QMPEvent, 64)
	gone := make(chan struct{})
	client, version, err := qemu.QMPStart(limit, os.Args[1], qemu.QMPConfig{EventCh: events}, gone)
	check("connected", err)
	fmt.Printf("version %d.%d.%d\n", version.Major, version.Minor, version.Micro)
	check("capabilities", client.ExecuteQMPCapabilities(limit))

	// object-add memory-backend-ram and device_add pc-dimm, in MiB.
	check("memory plugged", client.ExecHotplugMemory(limit, "memory-backend-ram", "mem1", "", 128, false))
	for event := range events {
		fmt.Println("event", event.Name)
		if event.Name == "ACPI_DEVICE_OST" {
			break
		}
	}

	monitor, err := qmp.NewSocketMonitor("unix", os.Args[1], 2*time.Second)
	check("second client made", err)
	check("second client connected", monitor.Connect())
	ask(monitor, `{"execute": "query-memory-devices"}`)

	// Waits for DEVICE_DELETED.
	check("memory unplugged", client.ExecuteDeviceDel(limit, "dimmmem1"))
	ask(monitor, `{"execute": "object-del", "arguments": {"id": "mem1"}}`)
	ask(monitor, `{"execute": "query-memory-size-summary"}`)
	check("second client disconnected", monitor.Disconnect())
	client.Shutdown()
	<-gone
}
