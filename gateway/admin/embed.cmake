# Writes OUT: every file of DIR as bytes, and the table that gateway/admin/assets.cpp serves from.
# Not .incbin: ccache cannot see what that includes and would keep a stale page.
file(GLOB files "${DIR}/*.html" "${DIR}/*.css" "${DIR}/*.js" "${DIR}/*.svg")
set(bytes "")
set(table "")
set(index 0)
foreach(file IN LISTS files)
  file(READ "${file}" hex HEX)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," hex "${hex}")
  get_filename_component(name "${file}" NAME)
  string(APPEND bytes "constexpr unsigned char kFile${index}[] = {${hex}0};\n")
  string(APPEND table "    {\"${name}\", {reinterpret_cast<const char*>(kFile${index}), sizeof kFile${index} - 1}},\n")
  math(EXPR index "${index} + 1")
endforeach()
file(WRITE "${OUT}" "#include \"gateway/admin/assets.hpp\"\n\nnamespace troupe::admin {\nnamespace {\n${bytes}}  // namespace\n
std::span<const EmbeddedFile> embedded_files() {\n  static const EmbeddedFile kFiles[] = {\n${table}  };\n  return kFiles;\n}\n
}  // namespace troupe::admin\n")
