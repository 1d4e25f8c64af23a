# Taste as a test: `ninja doors tidy headers`. doors is part of every build; tidy is a test as well; headers compiles
# every header on its own, at -O0 and through ccache, and is asked for by tests/run.
find_package(Python3 COMPONENTS Interpreter REQUIRED)
get_property(doors GLOBAL PROPERTY TROUPE_DOORS)

# The walls: an #include through one fails the build.
add_custom_target(doors ALL
  COMMAND ${Python3_EXECUTABLE} "${CMAKE_SOURCE_DIR}/deploy/check/doors" "${CMAKE_SOURCE_DIR}" ${doors}
  COMMENT "Checking the doors between the rooms" VERBATIM)

add_custom_target(tidy
  COMMAND ${Python3_EXECUTABLE} "${CMAKE_SOURCE_DIR}/deploy/check/tidy" "${CMAKE_SOURCE_DIR}"
  COMMENT "Checking sizes, banned calls and format" VERBATIM)
if(TROUPE_TESTS)
  add_test(NAME tidy COMMAND ${Python3_EXECUTABLE} "${CMAKE_SOURCE_DIR}/deploy/check/tidy" "${CMAKE_SOURCE_DIR}")
  add_test(NAME tidy_counts_functions
    COMMAND ${Python3_EXECUTABLE} "${CMAKE_SOURCE_DIR}/deploy/check/cpp_functions_test.py")
  add_test(NAME readme_configurations
    COMMAND ${Python3_EXECUTABLE} "${CMAKE_SOURCE_DIR}/deploy/check/readme" "${CMAKE_SOURCE_DIR}" $<TARGET_FILE:troupe>)
endif()

# One unit per header that holds nothing but its #include, with the room's own flags and libraries.
add_custom_target(headers)
foreach(row IN LISTS doors)
  string(REGEX REPLACE ":.*" "" room "${row}")
  string(REPLACE "/" "_" lib "${room}")
  file(GLOB found CONFIGURE_DEPENDS RELATIVE "${CMAKE_SOURCE_DIR}" "${CMAKE_SOURCE_DIR}/${room}/*.hpp")
  set(units "")
  foreach(header IN LISTS found)
    set(unit "${CMAKE_BINARY_DIR}/headers/${header}.cpp")
    file(CONFIGURE OUTPUT "${unit}" CONTENT "#include \"${header}\"\n")
    list(APPEND units "${unit}")
  endforeach()
  if(units)
    add_library(headers_${lib} OBJECT EXCLUDE_FROM_ALL ${units})
    target_link_libraries(headers_${lib} PRIVATE troupe_${lib})
    target_compile_options(headers_${lib} PRIVATE -O0 -g0)
    add_dependencies(headers headers_${lib})
  endif()
endforeach()
