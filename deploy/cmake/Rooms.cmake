# troupe_room(NAME DOORS room... LINKS lib...): the folder is a static library; DOORS are the rooms it may include.
# The doors are checked in the build by deploy/check/doors (target `doors`), which reads this table.
set_property(GLOBAL PROPERTY TROUPE_DOORS "")
function(troupe_room name)
  cmake_parse_arguments(R "" "" "DOORS;LINKS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/*.cpp")
  set(libs ${R_LINKS})
  foreach(door IN LISTS R_DOORS)
    string(REPLACE "/" "_" lib "${door}")
    list(APPEND libs "troupe_${lib}")
  endforeach()
  string(REPLACE "/" "_" lib "${name}")
  if(sources)
    add_library(troupe_${lib} STATIC ${sources})
    target_link_libraries(troupe_${lib} PUBLIC troupe_options ${libs})
  else()
    add_library(troupe_${lib} INTERFACE)
    target_link_libraries(troupe_${lib} INTERFACE troupe_options ${libs})
  endif()
  string(REPLACE ";" "," doors "${R_DOORS}")
  set_property(GLOBAL APPEND PROPERTY TROUPE_DOORS "${name}:${doors}")
endfunction()

# troupe_test_environment(NAME...): where a ctest test finds the repository, and what a sanitizer does with a finding: it
# ends the program, as tests/process/harness.py has it for the whole binary.
function(troupe_test_environment)
  # Not compiled in: the build may be told to keep its own place out of the objects (ccache between clones).
  set(environment "TROUPE_SOURCE_DIR=${CMAKE_SOURCE_DIR}")
  set(support "${CMAKE_SOURCE_DIR}/tests/support")
  if(TROUPE_SANITIZE)
    list(APPEND environment "UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1:suppressions=${support}/ubsan.supp"
      "TSAN_OPTIONS=halt_on_error=1:suppressions=${support}/tsan.supp")
  endif()
  set_tests_properties(${ARGN} PROPERTIES TIMEOUT 300 ENVIRONMENT "${environment}")
endfunction()

# troupe_test(NAME DIR LINKS lib...): every *_test.cpp under tests/DIR becomes one Catch2 program, run by ctest as NAME.
function(troupe_test name dir)
  cmake_parse_arguments(T "" "" "LINKS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/tests/${dir}/*_test.cpp")
  if(NOT sources)
    return()
  endif()
  add_executable(test_${name} ${sources})
  target_link_libraries(test_${name} PRIVATE troupe_test_main troupe_options ${T_LINKS})
  # The rooms are tested as they are shipped; the tests' own code need not be fast, and compiles in half the time.
  target_compile_options(test_${name} PRIVATE $<$<CONFIG:Release>:-O0>)
  add_test(NAME ${name} COMMAND test_${name})
  troupe_test_environment(${name})
endfunction()
