# SPDX-License-Identifier: Apache-2.0
# Writes the files of the status page as text into a source file: cmake -D FOLDER=… -D OUT=… -P embed.cmake
# One name is made of all of them, so that a browser may keep them for ever and never mixes two versions.
set(all "")
set(entries "")
file(GLOB files ${FOLDER}/*.css ${FOLDER}/*.js ${FOLDER}/*.svg)
foreach(path IN LISTS files)
  cmake_path(GET path FILENAME name)
  cmake_path(GET path EXTENSION extension)
  file(READ "${path}" text)
  string(APPEND all "${name}\n${text}")
  if(extension STREQUAL ".css")
    set(type "text/css; charset=utf-8")
  elseif(extension STREQUAL ".js")
    set(type "text/javascript; charset=utf-8")
  else()
    set(type "image/svg+xml")
  endif()
  string(APPEND entries "    {\"${name}\", \"${type}\", R\"weir_file(${text})weir_file\"},\n")
endforeach()
string(SHA256 hash "${all}")
string(SUBSTRING "${hash}" 0 16 hash)
file(WRITE "${OUT}.new" "// Made by src/http/web/embed.cmake.
#include \"http/page_files.h\"

#include <array>

namespace weir {

namespace {

constexpr auto kFiles = std::to_array<PageFile>({
${entries}});

}  // namespace

std::span<const PageFile> page_files() noexcept {
  return kFiles;
}

std::string_view page_files_version() noexcept {
  return \"${hash}\";
}

}  // namespace weir
")
file(COPY_FILE "${OUT}.new" "${OUT}")
