# Every outside library, under one name of ours each, so that the differences between Debian 12 and 13 end here.
find_package(Threads REQUIRED)
find_package(OpenSSL REQUIRED)
if(POLICY CMP0167)
  cmake_policy(SET CMP0167 NEW)  # Boost's own config, not CMake's old module
endif()
find_package(Boost 1.81 REQUIRED COMPONENTS url)
find_package(CAF 0.17 REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(simdjson REQUIRED)
find_package(yaml-cpp REQUIRED)
find_package(CLI11 REQUIRED)
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_package(prometheus-cpp CONFIG REQUIRED)
if(TROUPE_TESTS)
  find_package(Catch2 REQUIRED)
  find_package(rapidcheck REQUIRED)
endif()
find_package(ZLIB REQUIRED)

add_library(dep_yaml INTERFACE)
if(TARGET yaml-cpp::yaml-cpp)
  target_link_libraries(dep_yaml INTERFACE yaml-cpp::yaml-cpp)
else()
  target_link_libraries(dep_yaml INTERFACE yaml-cpp)
endif()

add_library(dep_catch INTERFACE)
if(TROUPE_TESTS)
  target_link_libraries(dep_catch INTERFACE Catch2::Catch2)
endif()

# Asio and Beast are compiled once, in core/asio.cpp and core/beast.cpp; other units see declarations only.
add_library(dep_asio INTERFACE)
target_link_libraries(dep_asio INTERFACE Boost::headers Boost::url OpenSSL::SSL OpenSSL::Crypto Threads::Threads)
target_compile_definitions(dep_asio INTERFACE BOOST_ASIO_NO_DEPRECATED BOOST_ASIO_SEPARATE_COMPILATION
  BOOST_ASIO_DISABLE_HANDLER_TYPE_REQUIREMENTS BOOST_BEAST_SEPARATE_COMPILATION)

# SQLite through SQLiteCpp; Debian's package is static and needs SQLite itself beside it.
find_package(SQLite3 REQUIRED)
find_package(SQLiteCpp REQUIRED)
add_library(dep_sqlite INTERFACE)
target_link_libraries(dep_sqlite INTERFACE SQLiteCpp SQLite::SQLite3)

# PostgreSQL's own client library, for stores that a fleet shares.
find_path(PQ_INCLUDE_DIR libpq-fe.h PATH_SUFFIXES postgresql REQUIRED)
find_library(PQ_LIBRARY pq REQUIRED)
add_library(dep_postgres INTERFACE)
target_include_directories(dep_postgres SYSTEM INTERFACE "${PQ_INCLUDE_DIR}")
target_link_libraries(dep_postgres INTERFACE "${PQ_LIBRARY}")

# Header-only msgpack: the system's copy, or the one that deploy/setup unpacked into the build tree.
find_path(MSGPACK_INCLUDE_DIR msgpack.hpp HINTS "${CMAKE_SOURCE_DIR}/build/deps/usr/include")
add_library(dep_msgpack INTERFACE)
if(MSGPACK_INCLUDE_DIR)
  target_include_directories(dep_msgpack SYSTEM INTERFACE "${MSGPACK_INCLUDE_DIR}")
endif()
target_compile_definitions(dep_msgpack INTERFACE MSGPACK_NO_BOOST)

# Regular expressions in linear time, for conditions that operators write.
find_path(RE2_INCLUDE_DIR re2/re2.h REQUIRED)
find_library(RE2_LIBRARY re2 REQUIRED)
add_library(dep_re2 INTERFACE)
target_include_directories(dep_re2 SYSTEM INTERFACE "${RE2_INCLUDE_DIR}")
target_link_libraries(dep_re2 INTERFACE "${RE2_LIBRARY}")

# Nearest neighbours, header-only. One unit includes it: it defines functions that are not inline.
find_path(HNSWLIB_INCLUDE_DIR hnswlib/hnswlib.h REQUIRED)
add_library(dep_hnswlib INTERFACE)
target_include_directories(dep_hnswlib SYSTEM INTERFACE "${HNSWLIB_INCLUDE_DIR}")
target_link_libraries(dep_hnswlib INTERFACE Threads::Threads)

# The allocator of the server: a cache's entries and the actors' messages are freed on other threads than the ones that made
# them (docs/performance.md has the difference). Sanitizers bring their own.
add_library(dep_allocator INTERFACE)
if(NOT TROUPE_SANITIZE)
  find_library(JEMALLOC_LIBRARY jemalloc REQUIRED)
  target_link_libraries(dep_allocator INTERFACE "${JEMALLOC_LIBRARY}")
endif()

# PCRE2 with its JIT compiler, for the split patterns of the token vocabularies.
find_path(PCRE2_INCLUDE_DIR pcre2.h REQUIRED)
find_library(PCRE2_LIBRARY pcre2-8 REQUIRED)
add_library(dep_pcre2 INTERFACE)
target_include_directories(dep_pcre2 SYSTEM INTERFACE "${PCRE2_INCLUDE_DIR}")
target_link_libraries(dep_pcre2 INTERFACE "${PCRE2_LIBRARY}")
