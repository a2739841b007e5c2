# cmake -DREPORT=file -P compile.cmake -- command argument …
# Runs the command and keeps what it says in REPORT, where the manifest reads what each kernel uses; says it aloud, too,
# where the command fails or warns.
set(command)
set(taking FALSE)
math(EXPR last "${CMAKE_ARGC} - 1")
foreach(i RANGE ${last})
  if(taking)
    list(APPEND command "${CMAKE_ARGV${i}}")
  elseif("${CMAKE_ARGV${i}}" STREQUAL "--")
    set(taking TRUE)
  endif()
endforeach()

execute_process(COMMAND ${command} RESULT_VARIABLE result OUTPUT_VARIABLE report ERROR_VARIABLE report)
file(WRITE ${REPORT} "${report}")
if(NOT result EQUAL 0)
  message(FATAL_ERROR "${report}")
elseif(report MATCHES "warning")
  message(WARNING "${report}")
endif()
