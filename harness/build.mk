# SPDX-License-Identifier: MIT
#
# How the runner, the labs, their solutions and the tests are compiled. The
# Makefile includes it, and has the targets that people use.

# What forklab tells the compiler for an attempt, make tells it for the rest.
flags = $(shell awk '/define $(1)/, !/\\$$/ { gsub(/.*$(1)|[",\\]/, ""); print }' \
    harness/course/flags.h)
language := $(call flags,FLAGS_LANGUAGE)
WARNINGS := $(call flags,FLAGS_WARNINGS)
CFLAGS ?= $(call flags,FLAGS_CODE)
WERROR ?= $(CI)
cc = $(CC)
compile = $(cc) $(language) $(CPPFLAGS) $(CFLAGS) $(WARNINGS) \
          $(if $(WERROR),-Werror) -MMD -MP -MF $@.d
say = $(if $(V),,@printf '  %s\n' '$@';)

PKG_CONFIG ?= pkg-config
package = $(shell $(PKG_CONFIG) $(1) 2>/dev/null)
# libelf and libdw are loaded when they are needed: linux/libelf.h, autopsy/dw.h.
package_cflags := $(call package,--cflags libelf libcjson)
libraries := -Wl,--as-needed $(or $(call package,--libs libcjson),-lcjson) -lm -ldl -lutil -lrt

# LIBC=musl: the labs, not the runner, are built with musl, below build/musl.
directory := $(if $(filter musl,$(LIBC)),build/musl,build)
libc = $(if $(LIBC), --libc '$(LIBC)')

runner := $(patsubst %.c,build/%.o,$(filter-out harness/bench/% harness/fuzz/% harness/po/% \
    harness/site/% harness/unstaged/%,$(wildcard harness/*.c harness/*/*.c)))
objects := $(wildcard labs/[0-9]*.so.c)
sources := $(filter-out $(objects),$(wildcard labs/[0-9]*.c solutions/[0-9]*.c))
tried := $(wildcard attempts/[0-9]*.c)
labs := $(patsubst %.c,$(directory)/%,$(sources))
catalogues := $(patsubst labs/po/%.po,build/locale/%/LC_MESSAGES/forklab.mo, \
    $(wildcard labs/po/*.po))
unit_tests := $(patsubst harness/%.c,build/%,$(wildcard harness/tests/unit/*_test.c))
test_programs := $(patsubst harness/%.c,build/%,$(wildcard harness/tests/programs/*.c))

# lab-3 and lab-03 both mean labs/03-*.c; the runner tells who asks for another
# that there is none. A program that a lab executes is called NN-name.exec.c, a
# shared object that its programs are linked with NN-name.so.c.
named = $(patsubst %.c,$(directory)/%,$(wildcard $(1)/$(2)-*.c $(1)/0$(2)-*.c))

# One message where the compiler or a library is missing, instead of many.
build/ready: harness/scripts/setup.sh
	@sh harness/scripts/setup.sh --probe
	@mkdir -p build/harness build/labs build/solutions build/attempts \
	    build/tests/unit build/tests/programs
	@touch $@

build/forklab: $(runner) | $(catalogues)
	$(say) $(CC) $(CFLAGS) -pthread $(LDFLAGS) -o $@ $^ $(libraries) $(LDLIBS)
	@mkdir -p build/original/labs && cp labs/*.[ch] build/original/labs/

$(runner): build/%.o: %.c | build/ready
	@mkdir -p $(@D)
	$(say) $(compile) $(package_cflags) -iquote harness -c -o $@ $<

linked_with_runner = $(say) $(compile) $(package_cflags) -iquote harness $(LDFLAGS) \
    -o $@ $(filter %.c %.o,$^) $(libraries) $(LDLIBS)
# What bench measures: a program, and the clock that is preloaded into it.
bench_apart := harness/bench/load.c harness/bench/stamp.c
build/bench: $(filter-out $(bench_apart),$(wildcard harness/bench/*.c)) \
    build/harness/base/svg.o build/harness/base/escape.o | build/bench-load build/bench-stamp.so
	$(linked_with_runner)

# What people read, in their language: labs/po/LANGUAGE.po, see labs/README.md.
build/messages: harness/po/messages.c $(filter-out build/harness/main.o,$(runner))
	$(linked_with_runner)

$(catalogues): build/locale/%/LC_MESSAGES/forklab.mo: labs/po/%.po
	@mkdir -p $(@D)
	@if command -v msgfmt >/dev/null; then \
	    $(if $(V),set -x,echo '  $@'); msgfmt -o $@ $<; else \
	    echo '  $* stays in English: msgfmt is missing (make setup check)'; \
	    : >$@; fi

# The site's generator: the parsers of JSON and Markdown are libraries.
markdown = $(or $(shell $(PKG_CONFIG) --libs libcmark-gfm 2>/dev/null),-lcmark-gfm) \
    -lcmark-gfm-extensions
build/site-ready: harness/scripts/setup.sh
	@sh harness/scripts/setup.sh --probe site
	@mkdir -p build/harness/site build/site-data/runs
	@touch $@

build/site-generator: libraries += $(markdown)
build/site-generator: $(patsubst %.c,build/%.o,$(wildcard harness/site/*.c)) \
    $(filter-out build/harness/main.o,$(runner))
	$(say) $(CC) $(CFLAGS) -pthread $(LDFLAGS) -o $@ $^ $(libraries) $(LDLIBS)

$(patsubst %.c,build/%.o,$(wildcard harness/site/*.c)): build/%.o: %.c \
    | build/ready build/site-ready
	$(say) $(compile) $(package_cflags) -iquote harness -c -o $@ $<

# Labs that also say what they have in memory, for "You are the thread".
watched := $(foreach n,$(basename $(notdir $(wildcard harness/site/watch/*.c))), \
    build/site-data/watch/labs/$(n) build/site-data/watch/solutions/$(n))
build/site-data/watch/%: $$(wildcard $$(*D)/$$(*F)-*.c) labs/lab.h labs/stage.h \
    harness/site/watch/watch.h harness/site/watch/$$(*F).c | build/site-ready
	@mkdir -p $(@D)
	$(say) $(compile) -Ilabs $(if $(filter solutions/%,$*),-DCURE) $(LDFLAGS) -o $@ \
	    harness/site/watch/$(*F).c

build/bench-load: harness/bench/load.c | build/ready
	$(say) $(compile) -o $@ $<

build/bench-stamp.so: harness/bench/stamp.c | build/ready
	$(say) $(compile) -shared -fPIC -o $@ $< -ldl

$(unit_tests): build/%: harness/%.c $(filter-out build/harness/main.o,$(runner))
	$(linked_with_runner)

build/tests/maze/maze: $(wildcard harness/tests/maze/*.[ch]) | build/ready
	@mkdir -p $(@D)
	$(say) $(compile) -Ilabs -o $@ $(filter %.c,$^)

$(test_programs): build/%: harness/%.c | build/ready
	$(say) $(compile) -Ilabs -iquote harness -o $@ $<

# The shared object of a lab, for its programs and those made from them, which
# start with the same number. It is found beside them, or in labs/ next to them,
# and loaded at the start only by a program that calls it (not: by dlopen).
object = $(patsubst %.c,$(1)/%,$(wildcard labs/$(firstword \
    $(subst -, ,$(notdir $(2))))-*.so.c))
origin = -Wl,-rpath,'$$ORIGIN:$$ORIGIN/../labs:$$ORIGIN/../../labs'
linked = $(foreach so,$(filter %.so,$^), \
    -Wl,--as-needed -L$(dir $(so)) -l:$(notdir $(so)) $(origin))

# forklab knows what a word in a Needs: line asks of the compiler. A lab that
# cannot be built here is left out; the runner says why it skips it.
declared = $(shell sed -n '/\*\//q; s/^ \* Needs: *//p' $< | tr ',' ' ')
left_out = echo "  $@ is left out: $$needs is missing (make setup)"
ask = @needs=$$(CC='$(CC)' build/forklab needs$(musl) $(declared)) || { \
    test $$? -eq 3 || exit 1; rm -f $@; $(left_out); exit 0; }; \
    $(if $(V),set -x,echo '  $@');

# With musl a lab has only libc. A machine whose own compiler is for musl needs no
# musl-gcc, which knows no headers of Linux: those of the machine come last.
MUSL_CC ?= $(if $(filter %musl,$(shell $(CC) -dumpmachine)),$(CC),musl-gcc)
build/musl/%: cc = $(MUSL_CC) $(if $(filter musl-gcc,$(MUSL_CC)), \
    -idirafter /usr/include -idirafter /usr/include/$(shell $(CC) -print-multiarch))
build/musl/%: musl = $() --libc musl
build/musl/%: left_out = :
build/musl/ready: build/forklab
	@MUSL_CC='$(MUSL_CC)' sh harness/scripts/setup.sh --probe musl
	@mkdir -p build/musl/labs build/musl/solutions build/musl/attempts \
	    build/musl/tests/mutants
	@touch $@

program = $(if $(declared),$(ask),$(say)) \
    $(compile) -Ilabs $(LDFLAGS) -o $@ $< $(if $(declared),$$needs) $(linked)

# Labs without a stage: make wild-31.
unstaged := $(patsubst %.c,build/%,$(wildcard harness/unstaged/*.c))
$(unstaged): build/%: %.c harness/unstaged/trials.h | build/forklab
	@mkdir -p $(@D)
	$(program)

# The tests write damaged solutions, mutants.
define programs_below
$(patsubst %.c,$(1)/%,$(sources) $(tried)): $(1)/%: %.c \
    $$$$(call object,$(1),$$$$@) | build/forklab $(1)/ready
	$$(program)

$(1)/tests/mutants/%: build/tests/mutants/%.c \
    $$$$(call object,$(1),$$$$@) | build/forklab $(1)/ready
	$$(program)

$(patsubst %.c,$(1)/%,$(objects)): $(1)/%: %.c | $(1)/ready
	$$(say) $$(compile) -Ilabs $$(LDFLAGS) -shared -fPIC -Wl,-soname,$$(@F) -o $$@ $$<
endef
$(foreach below,build build/musl,$(eval $(call programs_below,$(below))))

-include $(wildcard build/*/*.d build/*/*/*.d)
