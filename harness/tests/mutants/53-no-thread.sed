# broken: nobody is in setenv
s/if (pthread_create(.*/worker = pthread_self(); if (worker == 0)/
