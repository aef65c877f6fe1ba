# SPDX-License-Identifier: GPL-2.0
#
# make, make test and make demo are all that most people need; make help lists
# the rest. The modules are built in build/<kernel>/, a farm of symbolic links
# to the sources, so that modules for several kernels live side by side.

KDIR ?= $(firstword $(wildcard /lib/modules/$(shell uname -r)/build) \
	$(shell ls -dv /usr/src/linux-headers-6.12*-common 2>/dev/null | \
		sed 's/-common$$//;s/$$/-$(DEBARCH)/' | tail -n 1))
DEBARCH = $(shell dpkg --print-architecture 2>/dev/null)
PREFIX ?= /usr/local

release = $(shell cat $(KDIR)/include/config/kernel.release)
BUILD ?= build/$(release)
module = $(BUILD)/kernel/weft.ko
tool = build/tools/weft

sources = Kbuild $(wildcard kernel include uapi drivers)
kbuild = $(MAKE) -C $(KDIR) M=$(abspath $(BUILD)) CONFIG_WEFT=m \
	$(if $(pci),CONFIG_WEFTNIC=m) \
	$(if $(kunit),CONFIG_WEFT_KUNIT_TEST=m)
kunit = $(shell grep -s ^CONFIG_KUNIT= $(KDIR)/include/config/auto.conf)

pci = $(shell grep -s ^CONFIG_PCI_IOV= $(KDIR)/include/config/auto.conf)

bindir = $(DESTDIR)$(PREFIX)/sbin
mandir = $(DESTDIR)$(PREFIX)/share/man
compdir = $(DESTDIR)$(PREFIX)/share/bash-completion/completions
sharedir = $(DESTDIR)$(PREFIX)/share/weft
incdir = $(DESTDIR)$(PREFIX)/include/linux
netdir = $(DESTDIR)$(PREFIX)/include/net
moddir = $(DESTDIR)/lib/modules/$(release)/updates
pages = $(wildcard Documentation/man/*.[1-8])

all: modules tool

modules: links
	+flock $(BUILD) $(kbuild) W=1 KCFLAGS=-Werror modules

tool:
	@mkdir -p build/tools
	+flock build/tools $(MAKE) -C tools/weft O=$(abspath build/tools) all

# New files get their link, those of deleted files go.
links: supported
	@mkdir -p $(BUILD)
	@cp -rsf $(abspath $(sources)) $(BUILD)
	@find $(BUILD) -xtype l -delete

supported:
	@selftests/vm/supported '$(KDIR)'

deps:
	selftests/vm/deps

install: all
	install -D -m 644 $(module) $(moddir)/weft.ko
	strip --strip-debug $(moddir)/weft.ko
	install -D -m 755 $(tool) $(bindir)/weft
	for page in $(pages); do \
		install -D -m 644 $$page \
			$(mandir)/man$${page##*.}/$${page##*/} || exit; \
	done
	install -D -m 644 tools/weft/bash-completion/weft $(compdir)/weft
	install -D -m 644 -t $(sharedir) tools/wireshark/fence.lua
	install -D -m 644 -t $(incdir) uapi/linux/weft*.h
	install -D -m 644 -t $(netdir) include/net/weft_offload.h
	$(if $(DESTDIR),,depmod -a $(release))

uninstall:
	rm -f $(moddir)/weft.ko $(bindir)/weft $(compdir)/weft
	rm -f $(sharedir)/fence.lua
	for page in $(pages); do \
		rm -f $(mandir)/man$${page##*.}/$${page##*/}; \
	done
	rm -f $(patsubst uapi/linux/%,$(incdir)/%,$(wildcard uapi/linux/weft*.h))
	rm -f $(netdir)/weft_offload.h
	$(if $(DESTDIR),,depmod -a $(release))

test: deps
	selftests/vm/test $(T)

demo: deps
	selftests/vm/in vm selftests/demo

bench: deps
	selftests/bench/run

lint: deps
	selftests/lint

generate:
	tools/netlink-gen

clean:
	rm -rf build

help:
	@echo 'make             the module and the tool'
	@echo 'make deps        install what building and testing need'
	@echo 'make install     install all (DESTDIR, PREFIX=$(PREFIX))'
	@echo 'make uninstall   remove what was installed'
	@echo 'make test        run every test (T="topic..." only those,'
	@echo '                 FLAVOUR=vm|uml-6.12|uml-7.2|all where)'
	@echo 'make demo        show the main job in a virtual machine'
	@echo 'make lint        check the sources'
	@echo 'make bench       measure, against bridge and vxlan'
	@echo 'make generate    write the netlink code from its specification'
	@echo 'make clean       remove build/'
	@echo
	@echo 'KDIR=folder builds for another kernel, now $(KDIR)'

.PHONY: all modules tool links supported deps install uninstall test demo \
	bench lint generate clean help
