/* SPDX-License-Identifier: MIT
 *
 * The native function of Forks.java.
 */
#include <jni.h>
#include <unistd.h>

JNIEXPORT jint JNICALL Java_Forks_fork(JNIEnv *java, jclass class)
{
    (void)java;
    (void)class;
    return fork();
}
