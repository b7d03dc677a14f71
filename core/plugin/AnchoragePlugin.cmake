# SPDX-License-Identifier: Apache-2.0
# anchorage_add_plugin(ID [SOURCE_DIR dir] [LIBS lib...] [FILES file...] [TESTS file...] [NO_INSTALL])
#
# Builds the plugin ID into ID.so without linking the host; the same in Anchorage's own tree and outside of it, where
# find_package(AnchoragePlugin) brings this file.
#   SOURCE_DIR  its folder; without it plugins/ID below the current folder when there is one, else the current folder
#   LIBS        libraries or targets it links
#   FILES       files that become char arrays in resources.gen.h, beside what sql/, schema/, templates/, forms/ and
#               text/ hold
#   NO_INSTALL  is built and tested, not installed
#   TESTS       test programs, one a file, linked with everything but plugin.c; with cmocka when a file includes it
# plugin.c (or plugin.cpp) is the glue to the host; the other .c and .cpp files of the folder are its logic, a library
# of its own (ID_logic) that tests link without any host.

set(ANCHORAGE_C_WARNINGS
  -Wall -Wextra -Wconversion -Wsign-conversion -Wshadow -Wvla -Wformat=2 -Wundef -Wpointer-arith -Wcast-qual
  $<$<COMPILE_LANGUAGE:C>:-Wstrict-prototypes> $<$<COMPILE_LANGUAGE:C>:-Wmissing-prototypes>
  $<$<COMPILE_LANGUAGE:CXX>:-Wno-missing-field-initializers>) # fields of the header are made to be left out

# What every target of a plugin has. The tree's own build sets the same and more for all of its targets.
function(anchorage_plugin_flags target)
  target_compile_options(${target} PRIVATE ${ANCHORAGE_C_WARNINGS})
  set_target_properties(${target} PROPERTIES POSITION_INDEPENDENT_CODE ON C_STANDARD 17 CXX_STANDARD 20
    C_VISIBILITY_PRESET hidden CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON)
endfunction()

function(anchorage_plugin_tests id)
  foreach(source ${ARGN})
    get_filename_component(source ${source} ABSOLUTE)
    get_filename_component(name ${source} NAME_WE)
    file(STRINGS ${source} cmocka REGEX "^#include <cmocka.h>" LIMIT_COUNT 1)
    if(cmocka)
      find_path(ANCHORAGE_CMOCKA_INCLUDE cmocka.h)
      find_library(ANCHORAGE_CMOCKA_LIBRARY cmocka)
      if(NOT ANCHORAGE_CMOCKA_INCLUDE OR NOT ANCHORAGE_CMOCKA_LIBRARY)
        message(WARNING "${name} is not built: cmocka is missing. On Debian: apt-get install libcmocka-dev")
        continue()
      endif()
    endif()
    add_executable(${id}_${name} ${source})
    anchorage_plugin_flags(${id}_${name})
    target_link_libraries(${id}_${name} PRIVATE ${id}_logic)
    if(cmocka)
      target_include_directories(${id}_${name} PRIVATE ${ANCHORAGE_CMOCKA_INCLUDE})
      target_link_libraries(${id}_${name} PRIVATE ${ANCHORAGE_CMOCKA_LIBRARY})
    endif()
    add_test(NAME ${id}_${name} COMMAND ${id}_${name} WORKING_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR})
  endforeach()
endfunction()

function(anchorage_add_plugin id)
  cmake_parse_arguments(P "NO_INSTALL" "SOURCE_DIR" "LIBS;FILES;TESTS" ${ARGN})
  if(P_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "anchorage_add_plugin(${id}): what is \"${P_UNPARSED_ARGUMENTS}\"?")
  endif()
  if(NOT id MATCHES "^[a-z][a-z0-9_]+$")
    message(FATAL_ERROR "anchorage_add_plugin: \"${id}\" is no id; use small letters, digits and _")
  endif()
  if(NOT P_SOURCE_DIR AND IS_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR}/plugins/${id})
    set(P_SOURCE_DIR plugins/${id})
  elseif(NOT P_SOURCE_DIR)
    set(P_SOURCE_DIR .)
  endif()
  get_filename_component(dir ${P_SOURCE_DIR} ABSOLUTE)
  foreach(file ${P_FILES})
    get_filename_component(file ${file} ABSOLUTE)
    list(APPEND files ${file})
  endforeach()

  file(GLOB_RECURSE resources CONFIGURE_DEPENDS ${dir}/sql/*.sql ${dir}/schema/*.sql ${dir}/templates/*.html
    ${dir}/forms/*.form ${dir}/text/*.txt)
  set(gen ${CMAKE_BINARY_DIR}/gen/plugins/${id})
  file(MAKE_DIRECTORY ${gen})
  add_custom_command(OUTPUT ${gen}/resources.gen.h
    COMMAND Anchorage::plugpack ${gen}/resources.gen.h ${dir} ${files}
    DEPENDS Anchorage::plugpack ${resources} ${files} VERBATIM COMMENT "Resources of ${id}")

  # The logic is a library of its own, so that its tests link it without any host.
  file(GLOB sources CONFIGURE_DEPENDS ${dir}/*.c ${dir}/*.cpp)
  set(glue ${sources})
  list(FILTER glue INCLUDE REGEX "/plugin\\.(c|cpp)$")
  list(FILTER sources EXCLUDE REGEX "/plugin\\.(c|cpp)$")
  get_property(languages GLOBAL PROPERTY ENABLED_LANGUAGES)
  if("${glue};${sources}" MATCHES "\\.cpp" AND NOT CXX IN_LIST languages)
    message(FATAL_ERROR "anchorage_add_plugin(${id}): for C++ say project(${id} LANGUAGES C CXX)")
  endif()
  if(sources)
    add_library(${id}_logic STATIC ${sources})
    anchorage_plugin_flags(${id}_logic)
    target_include_directories(${id}_logic PUBLIC ${dir})
    target_link_libraries(${id}_logic PUBLIC Anchorage::plugin ${P_LIBS})
  else()
    add_library(${id}_logic INTERFACE)
    target_include_directories(${id}_logic INTERFACE ${dir})
    target_link_libraries(${id}_logic INTERFACE Anchorage::plugin ${P_LIBS})
  endif()
  anchorage_plugin_tests(${id} ${P_TESTS})
  if(NOT glue)
    message(FATAL_ERROR "anchorage_add_plugin(${id}): there is no plugin.c or plugin.cpp in ${dir}")
  endif()

  add_library(${id} MODULE ${glue} ${gen}/resources.gen.h)
  anchorage_plugin_flags(${id})
  target_include_directories(${id} PRIVATE ${gen})
  target_link_libraries(${id} PRIVATE ${id}_logic)
  # Never unmapped; addresses fixed before the first call; nothing of its libraries seen from outside.
  target_link_options(${id} PRIVATE LINKER:-z,nodelete,-z,relro,-z,now LINKER:--exclude-libs,ALL)
  # Under a sanitizer its runtime comes from the program that loads the plugin.
  get_directory_property(options COMPILE_OPTIONS)
  if(NOT "${CMAKE_C_FLAGS} ${CMAKE_CXX_FLAGS} ${options}" MATCHES "-fsanitize")
    target_link_options(${id} PRIVATE LINKER:--no-undefined)
  endif()
  set_target_properties(${id} PROPERTIES PREFIX "" SUFFIX .so LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/plugins)
  if(NOT P_NO_INSTALL)
    install(TARGETS ${id} LIBRARY DESTINATION lib/anchorage/plugins)
  endif()
endfunction()
